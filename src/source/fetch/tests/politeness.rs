//! `robots.txt`, and rests between the pages of a host.

use std::time::{Duration, Instant};

use super::super::*;
use super::server::{Server, Web, html, not_found, quick, redirect, reply};

const NEWS: &str = "news.test=93.184.216.34";

fn robots_heeded() -> FetchOptions {
    FetchOptions {
        respect_robots: true,
        ..quick()
    }
}

/// A server whose pages are all the same and whose `robots.txt` is `text`.
fn with_robots(text: &'static str) -> Server {
    Server::start(move |what, stream| match what {
        "news.test/robots.txt" => reply(stream, "200 OK", &[], text.as_bytes()),
        _ => html(stream, "<p>Page"),
    })
}

#[test]
fn what_robots_txt_disallows_is_left_alone_unless_asked_for() {
    let server = with_robots(
        "User-agent: *\nDisallow: /\n\nUser-agent: Dehusk\nDisallow: /private\n\
         Allow: /private/open\nDisallow: /*.cgi$\n",
    );
    let web = Web::new(robots_heeded(), &server, &[NEWS]);
    for allowed in ["", "a?b=c", "private/open/1", "x.cgi?y"] {
        let fetched = web.fetch(&format!("http://news.test/{allowed}"));
        assert!(fetched.is_ok(), "{allowed}: {fetched:?}");
    }
    let failure = web.failure("http://news.test/private/1").to_string();
    assert_eq!(
        failure,
        "http://news.test/robots.txt disallows it (Disallow: /private): \
         --ignore-robots fetches it all the same"
    );
    assert!(matches!(
        web.failure("http://news.test/x.cgi"),
        FetchError::Disallowed { .. }
    ));
    let paths = server.paths();
    assert_eq!(
        paths.iter().filter(|p| p.ends_with("/robots.txt")).count(),
        1
    );
    assert!(!paths.iter().any(|path| path.ends_with("/private/1")));

    let web = Web::new(quick(), &server, &[NEWS]);
    assert!(web.fetch("http://news.test/private/1").is_ok());
}

#[test]
fn a_host_without_robots_txt_allows_and_one_that_cannot_say_forbids() {
    for (status, allows) in [
        ("404 Not Found", true),
        ("403 Forbidden", true),
        ("204 No Content", true),
        ("500 Oops", false),
        ("503 Busy", false),
    ] {
        let server = Server::start(move |what, stream| match what {
            "news.test/robots.txt" => reply(stream, status, &[], b""),
            _ => html(stream, "<p>Page"),
        });
        let web = Web::new(robots_heeded(), &server, &[NEWS]);
        let fetched = web.fetch("http://news.test/1");
        assert_eq!(fetched.is_ok(), allows, "{status}");
        assert_eq!(web.fetch("http://news.test/2").is_ok(), allows, "{status}");
        if let Err(failure) = fetched {
            assert!(matches!(failure, FetchError::RobotsUnreachable { .. }));
            assert!(failure.to_string().contains("--ignore-robots"));
        }
        let asked = server
            .paths()
            .iter()
            .filter(|p| p.contains("robots"))
            .count();
        assert_eq!(asked, 1, "{status}");
    }
}

#[test]
fn a_robots_txt_that_hangs_or_breaks_off_forbids() {
    let server = Server::start(move |what, stream| match what {
        "news.test/robots.txt" => std::thread::sleep(Duration::from_secs(1)),
        "blog.test/robots.txt" => {
            use std::io::Write;
            let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser-agent: *\n";
            let _ = stream.write_all(cut);
        }
        _ => html(stream, "<p>Page"),
    });
    let options = FetchOptions {
        timeout: Duration::from_millis(300),
        ..robots_heeded()
    };
    let web = Web::new(options, &server, &[NEWS, "blog.test=93.184.216.35"]);
    for url in ["http://news.test/", "http://blog.test/"] {
        let failure = web.failure(url);
        assert!(
            matches!(failure, FetchError::RobotsUnreachable { .. }),
            "{failure}"
        );
    }
}

#[test]
fn redirects_of_robots_txt_are_followed_to_the_fifth_and_checked_like_any() {
    let server = Server::start(|what, stream| match what {
        "news.test/robots.txt" => redirect(stream, "http://www.news.test/r/4"),
        "www.news.test/r/0" => reply(stream, "200 OK", &[], b"User-agent: *\nDisallow: /no"),
        "loop.test/robots.txt" => redirect(stream, "/robots.txt"),
        "inward.test/robots.txt" => redirect(stream, "http://127.0.0.1/robots.txt"),
        _ => match what.strip_prefix("www.news.test/r/") {
            Some(left) => redirect(stream, &(left.parse::<u32>().unwrap() - 1).to_string()),
            None => html(stream, "<p>Page"),
        },
    });
    let names = [
        NEWS,
        "www.news.test=93.184.216.35",
        "loop.test=93.184.216.36",
        "inward.test=93.184.216.37",
    ];
    let web = Web::new(robots_heeded(), &server, &names);
    assert!(web.fetch("http://news.test/yes").is_ok());
    let failure = web.failure("http://news.test/no");
    assert!(
        matches!(failure, FetchError::Disallowed { .. }),
        "{failure}"
    );
    assert!(web.fetch("http://loop.test/").is_ok());
    let asked = server.paths();
    assert_eq!(
        asked
            .iter()
            .filter(|p| *p == "loop.test/robots.txt")
            .count(),
        6
    );
    let failure = web.failure("http://inward.test/");
    assert!(
        matches!(failure, FetchError::RobotsUnreachable { .. }),
        "{failure}"
    );
}

#[test]
fn where_a_page_redirects_to_robots_txt_is_heeded_too() {
    let server = Server::start(|what, stream| match what {
        "news.test/robots.txt" => not_found(stream),
        "blog.test/robots.txt" => reply(stream, "200 OK", &[], b"User-agent: *\nDisallow: /"),
        "news.test/" => redirect(stream, "http://blog.test/"),
        _ => html(stream, "<p>Page"),
    });
    let web = Web::new(robots_heeded(), &server, &[NEWS, "blog.test=93.184.216.35"]);
    let failure = web.failure("http://news.test/");
    assert!(matches!(failure.cause(), FetchError::Disallowed { .. }));
    assert!(!server.paths().contains(&"blog.test/".to_owned()));
}

#[test]
fn a_host_that_is_not_there_is_not_blamed_on_its_robots_txt() {
    let server = with_robots("");
    let web = Web::new(robots_heeded(), &server, &["inside.test=10.0.0.8"]);
    let failure = web.failure("http://nowhere.test/");
    assert!(matches!(failure, FetchError::HostNotFound { .. }));
    let failure = web.failure("http://inside.test/");
    assert!(matches!(failure, FetchError::Refused { .. }));
}

#[test]
fn pages_of_a_host_come_one_by_one_with_rests_while_other_hosts_go_on() {
    let delay = Duration::from_millis(150);
    let server = Server::start(|what, stream| match what {
        path if path.ends_with("/robots.txt") => not_found(stream),
        _ => html(stream, "<p>Page"),
    });
    let options = FetchOptions {
        delay,
        ..robots_heeded()
    };
    let web = Web::new(options, &server, &[NEWS, "blog.test=93.184.216.35"]);
    std::thread::scope(|scope| {
        for page in 0..4 {
            let web = &web;
            scope.spawn(move || web.fetch(&format!("http://news.test/{page}")).unwrap());
        }
        scope.spawn(|| web.fetch("http://blog.test/0").unwrap());
    });
    let asked = server.asked();
    let times = |host: &str| -> Vec<Instant> {
        let pages = asked
            .iter()
            .filter(|asked| asked.what.starts_with(host) && !asked.what.ends_with("/robots.txt"));
        pages.map(|asked| asked.at).collect()
    };
    let (news, blog) = (times("news.test"), times("blog.test"));
    assert!(blog[0] < news[3], "blog.test waited for news.test");
    assert_eq!(news.len(), 4);
    for pair in news.windows(2) {
        assert!(pair[1] - pair[0] >= delay, "{:?}", pair[1] - pair[0]);
    }
}

#[test]
fn a_longer_crawl_delay_takes_the_place_of_the_usual_rest() {
    let server = with_robots("User-agent: *\nCrawl-delay: 0.6\n");
    let web = Web::new(robots_heeded(), &server, &[NEWS]);
    web.fetch("http://news.test/1").unwrap();
    web.fetch("http://news.test/2").unwrap();
    let asked = server.asked();
    assert_eq!(asked.len(), 3);
    assert!(asked[1].at - asked[0].at < Duration::from_millis(600));
    assert!(asked[2].at - asked[1].at >= Duration::from_millis(600));
}

#[test]
fn a_crawl_delay_of_an_hour_is_cut_to_the_bound() {
    let server = with_robots("User-agent: *\nCrawl-delay: 3600\n");
    let web = Web::new(robots_heeded(), &server, &[NEWS]);
    let fetcher = &web.fetcher;
    let url = Url::parse("http://news.test/").unwrap();
    let mut walk = fetcher.turns.walk();
    let rest = fetcher.robots.check(&fetcher.client, &url, &mut walk);
    assert_eq!(rest.unwrap(), Some(MAX_CRAWL_DELAY));
}
