//! HTTP's chunked transfer coding (RFC 9112 §7.1).

/// A body with its chunks put together.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Dechunked {
    /// It ends as it should.
    Whole(Vec<u8>),
    /// It ends, or goes wrong, before its last chunk: what came before.
    BrokenOff(Vec<u8>),
    /// It does not begin with a chunk's size: it is not chunked.
    NotChunked,
}

/// Puts chunks together. Extensions and trailers are passed over; lines may end
/// in LF alone.
pub(super) fn dechunk(raw: &[u8]) -> Dechunked {
    let Some((mut size, mut rest)) = size_line(raw) else {
        return Dechunked::NotChunked;
    };
    let mut body = Vec::new();
    while size > 0 {
        let has = rest.len().min(size);
        body.extend_from_slice(&rest[..has]);
        rest = &rest[has..];
        rest = rest.strip_prefix(b"\r").unwrap_or(rest);
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        match size_line(rest) {
            Some(next) if has == size => (size, rest) = next,
            _ => return Dechunked::BrokenOff(body),
        }
    }
    Dechunked::Whole(body)
}

/// The size that a line such as `1a2b;extension` says, and what follows it.
fn size_line(bytes: &[u8]) -> Option<(usize, &[u8])> {
    // A line is short; one of extensions without end is no size.
    let within = &bytes[..bytes.len().min(4096)];
    let end = within.iter().position(|&b| b == b'\n')?;
    let line = within[..end].trim_ascii();
    let size = line.split(|&b| b == b';').next()?.trim_ascii();
    let digits = std::str::from_utf8(size).ok()?;
    if digits.starts_with('+') {
        return None;
    }
    let size = usize::from_str_radix(digits, 16).ok()?;
    Some((size, &bytes[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_put_together_without_extensions_and_trailers() {
        let raw = b"4;name=\"x\"\r\n<p>T\r\n0002 \nea\n0\r\nExpires: 0\r\n\r\n";
        assert_eq!(dechunk(raw), Dechunked::Whole(b"<p>Tea".to_vec()));
        assert_eq!(dechunk(b"0\r\n\r\n"), Dechunked::Whole(Vec::new()));
    }

    #[test]
    fn what_came_before_a_break_is_kept() {
        for raw in ["6\r\n<p>Te", "5\r\n<p>Te\r\n", "5\r\n<p>Te\r\nno size\r\n"] {
            let broken = Dechunked::BrokenOff(b"<p>Te".to_vec());
            assert_eq!(dechunk(raw.as_bytes()), broken, "{raw}");
        }
        let huge = b"ffffffffffffffff\r\n<p>";
        assert_eq!(dechunk(huge), Dechunked::BrokenOff(b"<p>".to_vec()));
    }

    #[test]
    fn what_begins_with_no_size_is_not_chunked() {
        for raw in [
            "<p>Tea",
            "",
            "\r\n",
            "+5\r\nabcde",
            "-1\r\n",
            "fffffffffffffffff\r\n<p>",
        ] {
            assert_eq!(dechunk(raw.as_bytes()), Dechunked::NotChunked, "{raw}");
        }
    }
}
