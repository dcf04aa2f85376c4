//! Addresses that must not be fetched from, in every guise.

use std::sync::atomic::Ordering;

use super::super::*;
use super::server::{Server, Web, html, quick, redirect};

#[test]
fn every_way_of_writing_a_private_address_is_refused_without_a_connection() {
    let server = Server::start(|_, stream| html(stream, "secret"));
    let web = Web::new(quick(), &server, &[]);
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::10.0.0.1]",
        "[2002:a00:1::]",
        "[fd00:ec2::254]",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "0xa9fea9fe",
        "100.100.100.200",
        "255.255.255.255",
        "１２７.0.0.1",
    ] {
        let url = format!("http://{host}:{}/", server.address.port());
        let failure = web.failure(&url);
        assert!(
            matches!(failure, FetchError::Refused { .. }),
            "{host}: {failure}"
        );
    }
    assert!(web.connected.lock().unwrap().is_empty());
    assert_eq!(server.connections.load(Ordering::SeqCst), 0);
}

#[test]
fn the_system_resolver_and_connector_refuse_too() {
    let server = Server::start(|_, stream| html(stream, "secret"));
    let url = Url::parse(&format!("http://{}/", server.address)).unwrap();
    let failure = Fetcher::new(quick()).fetch(&url).unwrap_err().to_string();
    assert_eq!(
        failure,
        "127.0.0.1 is at 127.0.0.1, a loopback address: \
         --allow-private fetches from such addresses"
    );
    assert_eq!(server.connections.load(Ordering::SeqCst), 0);
    let options = FetchOptions {
        allow_private: true,
        ..quick()
    };
    let fetched = Fetcher::new(options).fetch(&url).unwrap();
    assert_eq!(fetched.bytes, b"secret");
}

#[test]
fn a_name_with_one_private_address_among_its_own_is_refused() {
    let server = Server::start(|_, stream| html(stream, "secret"));
    let names = [
        "inside.test=10.0.0.8",
        "mixed.test=93.184.216.34,::ffff:192.168.7.7",
    ];
    let web = Web::new(quick(), &server, &names);
    let failure = web.failure("http://inside.test/").to_string();
    assert!(failure.starts_with("inside.test is at 10.0.0.8, an address of a private network"));
    let failure = web.failure("http://mixed.test/").to_string();
    assert!(failure.starts_with("mixed.test is at ::ffff:192.168.7.7, "));
    assert_eq!(server.connections.load(Ordering::SeqCst), 0);
}

#[test]
fn the_address_that_was_checked_is_the_one_connected_to() {
    let server = Server::start(|_, stream| html(stream, "<p>Public"));
    let names = ["rebinding.test=93.184.216.34|127.0.0.1"];
    let web = Web::new(quick(), &server, &names);
    let fetched = web.fetch("http://rebinding.test/").unwrap();
    assert_eq!(fetched.bytes, b"<p>Public");
    let connected = web.connected.lock().unwrap().clone();
    assert_eq!(
        connected,
        ["93.184.216.34".parse::<std::net::IpAddr>().unwrap()]
    );
    assert_eq!(web.looked_up.lock().unwrap()["rebinding.test"], 1);
    // The next page is checked anew.
    let failure = web.failure("http://rebinding.test/again");
    assert!(matches!(failure, FetchError::Refused { .. }));
    assert_eq!(web.connected.lock().unwrap().len(), 1);
}

#[test]
fn redirects_into_the_private_network_are_refused_at_any_step() {
    let targets = [
        "http://127.0.0.1/",
        "http://2130706433/",
        "//0x7f.1/admin",
        "http://[::ffff:169.254.169.254]/latest/meta-data/",
        "http://inside.test/",
        "https://192.168.1.1/",
    ];
    for target in targets {
        let server = Server::start(move |what, stream| match what {
            "news.test/" => redirect(stream, "http://www.news.test/"),
            _ => redirect(stream, target),
        });
        let names = [
            "news.test=93.184.216.34",
            "www.news.test=93.184.216.35",
            "inside.test=10.0.0.8",
        ];
        let web = Web::new(quick(), &server, &names);
        let failure = web.failure("http://news.test/");
        assert!(
            matches!(failure.cause(), FetchError::Refused { .. }),
            "{target}: {failure}"
        );
        assert!(failure.to_string().starts_with("redirected to http"));
        assert_eq!(web.connected.lock().unwrap().len(), 2, "{target}");
    }
}

#[test]
fn redirects_to_other_schemes_or_with_passwords_are_refused() {
    let server = Server::start(|what, stream| match what {
        "news.test/file" => redirect(stream, "file:///etc/passwd"),
        "news.test/ftp" => redirect(stream, "ftp://news.test/"),
        "news.test/nowhere" => redirect(stream, "http://["),
        _ => redirect(stream, "http://user:hunter2@news.test/"),
    });
    let web = Web::new(quick(), &server, &["news.test=93.184.216.34"]);
    for scheme in ["file", "ftp"] {
        let failure = web.failure(&format!("http://news.test/{scheme}"));
        assert!(
            matches!(failure.cause(), FetchError::Scheme { scheme: s } if s == scheme),
            "{failure}"
        );
    }
    let failure = web.failure("http://news.test/nowhere");
    assert!(
        matches!(failure, FetchError::BadRedirect { .. }),
        "{failure}"
    );
    let failure = web.failure("http://news.test/login");
    assert!(matches!(failure.cause(), FetchError::Credentials));
    assert!(!failure.to_string().contains("hunter2"), "{failure}");
}

#[test]
fn other_schemes_and_passwords_are_refused_before_anything_is_asked() {
    let server = Server::start(|_, stream| html(stream, "x"));
    let options = FetchOptions {
        respect_robots: true,
        ..quick()
    };
    let web = Web::new(options, &server, &["news.test=93.184.216.34"]);
    for url in ["ftp://news.test/", "file:///etc/passwd", "data:text/html,x"] {
        let failure = web.failure(url);
        assert!(matches!(failure, FetchError::Scheme { .. }), "{url}");
    }
    let failure = web.failure("http://user:hunter2@news.test/");
    assert!(matches!(failure, FetchError::Credentials));
    assert_eq!(server.connections.load(Ordering::SeqCst), 0);
}
