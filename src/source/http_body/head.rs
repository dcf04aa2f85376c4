//! The status line and fields of an HTTP response.

use super::super::fields::{Fields, MediaType, head_len};
use super::Codings;

/// What is read of a response's head.
#[derive(Debug)]
pub(in super::super) struct Head {
    pub(in super::super) status: u16,
    pub(in super::super) content_type: Option<MediaType>,
    pub(in super::super) codings: Codings,
    /// Bytes before the body.
    pub(in super::super) len: usize,
}

impl Head {
    /// Reads the head that a message begins with, or `None` when it has no
    /// status line. Interim responses (1xx) before it are passed over. A head
    /// without a blank line at its end is the whole message.
    pub(in super::super) fn parse(message: &[u8]) -> Option<Self> {
        let mut begin = 0;
        loop {
            let head = &message[begin..];
            let head = &head[..head_len(head).unwrap_or(head.len())];
            let line = head.iter().position(|&b| b == b'\n').unwrap_or(head.len());
            let status = status(&head[..line])?;
            let end = begin + head.len();
            // 101 changes the protocol: what follows is no HTTP.
            let interim = (100..200).contains(&status) && status != 101;
            if interim && message[end..].starts_with(b"HTTP/") {
                begin = end;
                continue;
            }
            let fields = Fields::parse(&head[line..]);
            return Some(Self {
                status,
                content_type: fields
                    .get("Content-Type")
                    .map(|value| MediaType::parse(&value)),
                codings: Codings::parse(
                    &fields.list("Transfer-Encoding"),
                    &fields.list("Content-Encoding"),
                ),
                len: end,
            });
        }
    }
}

/// The status code of a line such as `HTTP/1.1 200 OK` or `HTTP/2 200`.
fn status(line: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(line.strip_prefix(b"HTTP/")?)
        .or_else(|error| std::str::from_utf8(&line[5..5 + error.valid_up_to()]))
        .ok()?;
    let code = line.split_ascii_whitespace().nth(1)?;
    code.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_a_response_is_read_in_any_version_of_http() {
        for line in [
            "HTTP/1.1 200 OK",
            "HTTP/2 200",
            "HTTP/1.0  200  Tr\u{e8}s bien",
        ] {
            let message = format!("{line}\r\ncontent-type: text/html\r\n\r\n<p>");
            let head = Head::parse(message.as_bytes()).unwrap();
            assert_eq!((head.status, head.len), (200, message.len() - 3), "{line}");
            assert!(head.content_type.unwrap().is_html());
        }
        assert_eq!(
            Head::parse(b"HTTP/1.1 404 \xff\xff\r\n").unwrap().status,
            404
        );
    }

    #[test]
    fn interim_responses_are_passed_over() {
        let message = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\nLink: x\n\nHTTP/1.1 200 OK\r\n\r\n<p>";
        let head = Head::parse(message).unwrap();
        assert_eq!((head.status, head.len), (200, message.len() - 3));
    }

    #[test]
    fn what_has_no_status_line_is_no_response() {
        for message in [
            "",
            "HTTP/",
            "HTTP/1.1\r\n\r\n",
            "HTTP/1.1 OK\r\n",
            "<p>",
            "HTTP/1.1\r\n200",
        ] {
            assert!(Head::parse(message.as_bytes()).is_none(), "{message}");
        }
    }

    #[test]
    fn a_head_that_does_not_end_is_the_whole_message() {
        let head = Head::parse(b"HTTP/1.1 200 OK\r\nServer: x").unwrap();
        assert_eq!(head.len, 26);
    }
}
