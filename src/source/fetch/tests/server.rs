//! A web in one process: a server on the loopback interface, names that stand
//! for public addresses, and connections to those led to the server.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Instant;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ArrayVec, DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectionDetails, Connector, NextTimeout, TcpConnector};
use url::Url;

use crate::source::fetch::{FetchError, FetchOptions, Fetched, Fetcher};

/// What the server was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// `HOST/PATH`, of the `Host` header and the request line.
    pub what: String,
    /// All of the request's head.
    pub head: String,
    pub at: Instant,
}

/// Answers every connection in a thread of its own, until dropped.
pub struct Server {
    pub address: SocketAddr,
    pub connections: Arc<AtomicUsize>,
    asked: Arc<Mutex<Vec<Asked>>>,
    stop: Arc<AtomicBool>,
    listening: Option<JoinHandle<()>>,
}

impl Server {
    /// `answer` is called with what is asked for and the open connection, which
    /// is closed when it returns.
    pub fn start(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let answer = Arc::new(answer);
        let (count, log, stopped) = (connections.clone(), asked.clone(), stop.clone());
        let listening = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    break;
                }
                count.fetch_add(1, Ordering::SeqCst);
                let (log, answer) = (log.clone(), answer.clone());
                std::thread::spawn(move || {
                    let mut stream = stream.unwrap();
                    if let Some(asked) = Asked::read(&stream) {
                        let what = asked.what.clone();
                        log.lock().unwrap().push(asked);
                        answer(&what, &mut stream);
                    }
                });
            }
        });
        Self {
            address,
            connections,
            asked,
            stop,
            listening: Some(listening),
        }
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// What was asked for, in order.
    pub fn paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.what).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(listening) = self.listening.take() {
            listening.join().unwrap();
        }
    }
}

impl Asked {
    fn read(stream: &TcpStream) -> Option<Self> {
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).ok()? == 0 {
                return None;
            }
        }
        let path = head.split(' ').nth(1)?.to_owned();
        let host = head.lines().find_map(|line| {
            line.to_ascii_lowercase()
                .strip_prefix("host:")
                .map(str::to_owned)
        })?;
        Some(Self {
            what: format!("{}{path}", host.trim()),
            head,
            at: Instant::now(),
        })
    }
}

/// Writes a whole answer; `headers` are lines without line ends.
pub fn reply(stream: &mut TcpStream, status: &str, headers: &[&str], body: &[u8]) {
    let mut answer = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n",
        body.len()
    );
    for header in headers {
        answer.push_str(header);
        answer.push_str("\r\n");
    }
    answer.push_str("\r\n");
    // The other side may have read enough.
    let _ = stream.write_all(answer.as_bytes());
    let _ = stream.write_all(body);
}

pub fn html(stream: &mut TcpStream, body: &str) {
    reply(
        stream,
        "200 OK",
        &["Content-Type: text/html"],
        body.as_bytes(),
    );
}

pub fn redirect(stream: &mut TcpStream, to: &str) {
    reply(stream, "302 Found", &[&format!("Location: {to}")], b"");
}

pub fn not_found(stream: &mut TcpStream) {
    reply(stream, "404 Not Found", &[], b"");
}

/// Names and the addresses they stand for: one list for each time that they
/// are looked up, the last for all later ones.
#[derive(Debug, Default)]
pub struct Names {
    lists: HashMap<String, Vec<Vec<IpAddr>>>,
    looked_up: Arc<Mutex<HashMap<String, usize>>>,
}

impl Resolver for Names {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.host().unwrap().to_owned();
        if host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
            return DefaultResolver::default().resolve(uri, config, timeout);
        }
        let lists = self.lists.get(&host).ok_or(ureq::Error::HostNotFound)?;
        let mut looked_up = self.looked_up.lock().unwrap();
        let times = looked_up.entry(host).or_default();
        let mut found = self.empty();
        for &address in &lists[(*times).min(lists.len() - 1)] {
            found.push(SocketAddr::new(address, uri.port_u16().unwrap_or(80)));
        }
        *times += 1;
        Ok(found)
    }
}

/// Leads connections to public addresses to the server, and none elsewhere but
/// to the loopback interface.
#[derive(Debug)]
struct Led {
    to: SocketAddr,
    connected: Arc<Mutex<Vec<IpAddr>>>,
}

impl Connector<()> for Led {
    type Out = <TcpConnector as Connector<()>>::Out;

    fn connect(
        &self,
        details: &ConnectionDetails,
        _chained: Option<()>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        let wanted = details.addrs[0];
        self.connected.lock().unwrap().push(wanted.ip());
        let mut addrs = ArrayVec::from_fn(|_| self.to);
        addrs.push(match wanted.ip().is_loopback() {
            true => wanted,
            false => self.to,
        });
        let led = ConnectionDetails {
            addrs,
            uri: details.uri,
            config: details.config,
            request_level: details.request_level,
            resolver: details.resolver,
            now: details.now,
            timeout: details.timeout,
            current_time: Arc::clone(&details.current_time),
            run_connector: Arc::clone(&details.run_connector),
            register_shutdown: Arc::clone(&details.register_shutdown),
        };
        TcpConnector::default().connect(&led, None)
    }
}

/// A fetcher in such a web.
pub struct Web {
    pub fetcher: Fetcher,
    pub connected: Arc<Mutex<Vec<IpAddr>>>,
    pub looked_up: Arc<Mutex<HashMap<String, usize>>>,
}

/// Options for tests: no rest between pages, no `robots.txt`.
pub fn quick() -> FetchOptions {
    FetchOptions {
        delay: std::time::Duration::ZERO,
        respect_robots: false,
        ..FetchOptions::default()
    }
}

impl Web {
    /// `names` as `NAME=ADDRESS,ADDRESS|ADDRESS`, where what follows a bar is
    /// the answer to the next look-up.
    pub fn new(options: FetchOptions, server: &Server, names: &[&str]) -> Self {
        let lists = names.iter().map(|name| {
            let (name, lists) = name.split_once('=').unwrap();
            let list = |list: &str| list.split(',').map(|a| a.parse().unwrap()).collect();
            (name.to_owned(), lists.split('|').map(list).collect())
        });
        let names = Names {
            lists: lists.collect(),
            ..Names::default()
        };
        let connected = Arc::default();
        let looked_up = names.looked_up.clone();
        let led = Led {
            to: server.address,
            connected: Arc::clone(&connected),
        };
        Self {
            fetcher: Fetcher::over(options, names, led),
            connected,
            looked_up,
        }
    }

    pub fn fetch(&self, url: &str) -> Result<Fetched, FetchError> {
        self.fetcher.fetch(&Url::parse(url).unwrap())
    }

    /// What the fetch at `url` fails for.
    pub fn failure(&self, url: &str) -> FetchError {
        self.fetch(url).expect_err(url)
    }
}
