//! Fetching, against a server of the tests' own: what answers come to.

mod politeness;
mod safety;
mod server;

use std::io::Write;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;
use server::{Server, Web, html, quick, redirect, reply};

const NEWS: &str = "news.test=93.184.216.34";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_page_comes_as_it_was_sent_and_the_host_is_told_who_asks() {
    let server = Server::start(|_, stream| {
        let headers = ["Content-Type: text/html; charset=ISO-8859-1"];
        reply(stream, "200 OK", &headers, b"<p>Caf\xe9");
    });
    let web = Web::new(quick(), &server, &[NEWS]);
    let fetched = web.fetch("http://news.test/a?b=c#d").unwrap();
    assert_eq!(fetched.bytes, b"<p>Caf\xe9");
    assert_eq!(fetched.charset.as_deref(), Some("ISO-8859-1"));
    assert_eq!(fetched.url.as_str(), "http://news.test/a?b=c");
    assert_eq!((fetched.status, fetched.warning), (200, None));
    let head = server.asked()[0].head.to_ascii_lowercase();
    assert!(head.starts_with("get /a?b=c http/1.1\r\n"), "{head}");
    let user_agent = format!("user-agent: dehusk/{}\r\n", env!("CARGO_PKG_VERSION"));
    assert!(head.contains(&user_agent), "{head}");
    assert!(head.contains("accept-encoding: gzip\r\n"), "{head}");
}

#[test]
fn a_gzipped_page_is_unpacked_in_the_encoding_it_came_in() {
    let server = Server::start(|_, stream| {
        let headers = [
            "Content-Type: text/html; charset=windows-1251",
            "Content-Encoding: GZip",
        ];
        reply(
            stream,
            "200 OK",
            &headers,
            &gzip(b"<p>\xcf\xf0\xe8\xe2\xe5\xf2"),
        );
    });
    let options = FetchOptions {
        max_bytes: usize::MAX,
        ..quick()
    };
    let web = Web::new(options, &server, &[NEWS]);
    let fetched = web.fetch("http://news.test/").unwrap();
    assert_eq!(fetched.bytes, b"<p>\xcf\xf0\xe8\xe2\xe5\xf2");
}

#[test]
fn a_page_past_the_bound_is_cut_with_a_warning_and_one_at_the_bound_is_whole() {
    let server = Server::start(|what, stream| match what {
        "news.test/endless" => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n");
            while stream.write_all(&[b'x'; 4096]).is_ok() {}
        }
        "news.test/bomb" => {
            let headers = ["Content-Type: text/html", "Content-Encoding: gzip"];
            reply(stream, "200 OK", &headers, &gzip(&vec![b' '; 50_000_000]));
        }
        _ => html(stream, &"y".repeat(10_000)),
    });
    let options = FetchOptions {
        max_bytes: 10_000,
        ..quick()
    };
    let web = Web::new(options, &server, &[NEWS]);
    for page in ["endless", "bomb"] {
        let fetched = web.fetch(&format!("http://news.test/{page}")).unwrap();
        assert_eq!(fetched.bytes.len(), 10_000, "{page}");
        assert!(fetched.bytes.capacity() < 100_000, "{page}");
        assert_eq!(fetched.warning, Some(FetchWarning::Cut { limit: 10_000 }));
    }
    let whole = web.fetch("http://news.test/whole").unwrap();
    assert_eq!((whole.bytes.len(), whole.warning), (10_000, None));
}

#[test]
fn a_page_that_breaks_off_is_kept_with_a_warning() {
    let server = Server::start(|what, stream| {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n";
        let _ = stream.write_all(head.as_bytes());
        if what.ends_with("gzip") {
            let packed = gzip(&(0..2000).map(|i| (i * i % 251) as u8).collect::<Vec<_>>());
            let _ = stream.write_all(b"Content-Encoding: gzip\r\n\r\n");
            let _ = stream.write_all(&packed[..packed.len() / 2]);
        } else {
            let _ = stream.write_all(b"\r\n<p>Half of");
        }
    });
    let web = Web::new(quick(), &server, &[NEWS]);
    let fetched = web.fetch("http://news.test/plain").unwrap();
    assert_eq!(fetched.bytes, b"<p>Half of");
    assert_eq!(fetched.warning, Some(FetchWarning::BrokenOff { bytes: 10 }));
    let fetched = web.fetch("http://news.test/gzip").unwrap();
    assert!(matches!(
        fetched.warning,
        Some(FetchWarning::BrokenOff { .. })
    ));
}

#[test]
fn a_damaged_or_unknown_packing_is_told() {
    let server = Server::start(|what, stream| {
        let encoding = match what {
            "news.test/br" => "Content-Encoding: br",
            _ => "Content-Encoding: gzip",
        };
        let headers = ["Content-Type: text/html", encoding];
        reply(stream, "200 OK", &headers, b"<p>never was packed at all");
    });
    let web = Web::new(quick(), &server, &[NEWS]);
    assert!(matches!(
        web.failure("http://news.test/br"),
        FetchError::ContentEncoding { encoding } if encoding == "br"
    ));
    let failure = web.failure("http://news.test/gzip");
    assert!(matches!(failure, FetchError::Unpack(_)), "{failure}");
}

#[test]
fn other_statuses_than_success_are_failures() {
    let server = Server::start(|what, stream| {
        let status = what.rsplit('/').next().unwrap();
        reply(
            stream,
            &format!("{status} X"),
            &["Content-Type: text/html"],
            b"<p>x",
        );
    });
    let web = Web::new(quick(), &server, &[NEWS]);
    for status in [304, 404, 410, 429, 500, 503] {
        let failure = web.failure(&format!("http://news.test/{status}"));
        assert!(matches!(failure, FetchError::Status { status: s } if s == status));
    }
    assert!(web.fetch("http://news.test/203").is_ok());
    let failure = web.failure("http://news.test/301");
    assert!(matches!(
        failure,
        FetchError::BadRedirect { status: 301, .. }
    ));
}

#[test]
fn what_is_no_html_is_named_and_a_page_without_type_is_taken() {
    let server = Server::start(|what, stream| {
        let long = format!("Content-Type: {}", "x".repeat(5000));
        let content_type = match what {
            "news.test/long" => long.as_str(),
            "news.test/pdf" => "Content-Type: Application/PDF; qs=0.1",
            "news.test/xhtml" => "Content-Type: application/xhtml+xml",
            _ => "X-None: none",
        };
        reply(stream, "200 OK", &[content_type], b"<p>x");
    });
    let web = Web::new(quick(), &server, &[NEWS]);
    let failure = web.failure("http://news.test/pdf").to_string();
    assert_eq!(failure, "this is application/pdf, not HTML");
    assert!(web.failure("http://news.test/long").to_string().len() < 300);
    assert!(web.fetch("http://news.test/xhtml").is_ok());
    assert!(web.fetch("http://news.test/untyped").is_ok());
}

#[test]
fn five_redirects_are_followed_and_a_sixth_is_not() {
    let server = Server::start(|what, stream| {
        match what.rsplit('/').next().unwrap().parse::<u32>().unwrap() {
            0 => html(stream, "<p>There"),
            left if left % 2 == 0 => redirect(stream, &(left - 1).to_string()),
            left => redirect(stream, &format!("//www.news.test/a/{}#part", left - 1)),
        }
    });
    let names = [NEWS, "www.news.test=93.184.216.35"];
    let web = Web::new(quick(), &server, &names);
    let fetched = web.fetch("http://news.test/a/5").unwrap();
    assert_eq!(fetched.url.as_str(), "http://www.news.test/a/0");
    let failure = web.failure("http://news.test/a/6");
    assert!(matches!(failure, FetchError::TooManyRedirects { limit: 5 }));
}

#[test]
fn a_slow_host_is_given_up_after_the_time_of_the_page_redirects_included() {
    let server = Server::start(|what, stream| match what {
        "news.test/silent" => std::thread::sleep(Duration::from_secs(3)),
        "news.test/hop" => {
            std::thread::sleep(Duration::from_millis(500));
            redirect(stream, "/silent");
        }
        _ => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n");
            while stream.write_all(b"x").is_ok() {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    });
    let limit = Duration::from_millis(600);
    let options = FetchOptions {
        timeout: limit,
        ..quick()
    };
    let web = Web::new(options, &server, &[NEWS]);
    for page in ["silent", "dripping", "hop"] {
        let started = Instant::now();
        let failure = web.failure(&format!("http://news.test/{page}"));
        assert!(
            matches!(failure.cause(), FetchError::Timeout { limit: l } if *l == limit),
            "{page}: {failure}"
        );
        assert!(
            started.elapsed() < limit + Duration::from_millis(400),
            "{page}"
        );
    }
}

#[test]
fn names_that_are_not_known_and_closed_ports_are_told_apart() {
    let server = Server::start(|_, stream| html(stream, "x"));
    let web = Web::new(quick(), &server, &[]);
    let failure = web.failure("http://nowhere.test/");
    assert!(matches!(&failure, FetchError::HostNotFound { host, .. } if host == "nowhere.test"));
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = closed.local_addr().unwrap();
    drop(closed);
    let options = FetchOptions {
        allow_private: true,
        ..quick()
    };
    let failure = Web::new(options, &server, &[]).failure(&format!("http://{address}/"));
    assert!(matches!(failure, FetchError::Connection(_)), "{failure}");
}

#[test]
fn a_host_without_a_secure_connection_is_told() {
    let server = Server::start(|_, _| {});
    let plain = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = plain.local_addr().unwrap();
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = plain.accept().unwrap();
        reply(&mut stream, "400 Bad Request", &[], b"plain HTTP only");
    });
    let options = FetchOptions {
        allow_private: true,
        ..quick()
    };
    let fetcher = Fetcher::new(options);
    let url = Url::parse(&format!("https://{address}/")).unwrap();
    let failure = fetcher.fetch(&url).unwrap_err();
    answering.join().unwrap();
    assert!(matches!(failure, FetchError::Tls { .. }), "{failure}");
    drop(server);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_answer_breaks_the_fetcher(
        status in "(HTTP/1[.][01] [0-9]{3} OK\r\n)?",
        headers in "((content-type: text/html|content-encoding: gzip|content-length: [0-9]{1,3}|transfer-encoding: chunked|location: [/:a-z%@]{0,9})\r\n){0,4}",
        body in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let answer = [status.as_bytes(), headers.as_bytes(), b"\r\n", &body].concat();
        let server = Server::start(move |_, stream| {
            let _ = stream.write_all(&answer);
        });
        let options = FetchOptions {
            timeout: Duration::from_millis(300),
            ..quick()
        };
        if let Ok(fetched) = Web::new(options, &server, &[NEWS]).fetch("http://news.test/") {
            prop_assert!(fetched.bytes.len() <= 1 << 20);
        }
    }
}
