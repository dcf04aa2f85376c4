//! What a field of a table says of a page.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::columns::PATHS;
use super::{RowError, RowPage, TableOptions};

/// Bytes that an id, an address, a charset or a path may have.
pub(super) const SHORT: usize = 64 << 10;

/// What the field of a page holds, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Base64,
    Path,
    Url,
}

impl Form {
    pub fn of(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        if name.ends_with("base64") {
            Self::Base64
        } else if PATHS.contains(&name.as_str())
            || name.ends_with("_path")
            || name.ends_with("_file")
        {
            Self::Path
        } else if name == "url" {
            Self::Url
        } else {
            Self::Text
        }
    }

    /// Bytes of the field that are needed for `max_bytes` of the page.
    pub fn needs(self, max_bytes: usize) -> usize {
        match self {
            Self::Text => max_bytes,
            // Four characters are three bytes; there may be line ends.
            Self::Base64 => max_bytes.saturating_mul(3) / 2 + 64,
            Self::Path | Self::Url => SHORT,
        }
    }
}

/// What a field says, of which only the first bytes may be held.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Value {
    pub held: Vec<u8>,
    /// Bytes that it has.
    pub length: u64,
}

impl Value {
    pub fn whole(bytes: Vec<u8>) -> Self {
        let length = bytes.len() as u64;
        Self {
            held: bytes,
            length,
        }
    }

    /// The page that the field `field` stands for, and how long it was before
    /// it was cut, if it was.
    pub fn page(
        self,
        form: Form,
        field: &str,
        options: &TableOptions,
    ) -> Result<(RowPage, Option<u64>), RowError> {
        if self.length == 0 {
            return Err(RowError::Empty {
                field: field.to_owned(),
            });
        }
        match form {
            Form::Text => {
                let (bytes, cut) = cut(self.held, self.length, options.max_bytes);
                Ok((RowPage::Bytes(bytes), cut))
            }
            Form::Base64 => {
                let (bytes, length) = self.decode_base64(field)?;
                let (bytes, cut) = cut(bytes, length, options.max_bytes);
                Ok((RowPage::Bytes(bytes), cut))
            }
            Form::Path => {
                let path = self.short(field)?;
                Ok((RowPage::Path(options.folder.join(path.trim())), None))
            }
            Form::Url => Ok((RowPage::Url(self.short(field)?.trim().to_owned()), None)),
        }
    }

    /// The value of a field that must be short and text.
    pub fn short(self, field: &str) -> Result<String, RowError> {
        let field = || field.to_owned();
        if self.length > self.held.len() as u64 || self.held.len() > SHORT {
            return Err(RowError::LongField {
                field: field(),
                bytes: self.length,
            });
        }
        let text = String::from_utf8(self.held).map_err(|_| RowError::WrongType {
            field: field(),
            found: "not UTF-8",
            wanted: "text",
        })?;
        if text.trim().is_empty() {
            return Err(RowError::Empty { field: field() });
        }
        Ok(text)
    }

    /// The bytes, and how many there would be if all were held.
    fn decode_base64(self, field: &str) -> Result<(Vec<u8>, u64), RowError> {
        const LENIENT: GeneralPurpose = GeneralPurpose::new(
            &STANDARD,
            GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
        );
        let mut held = self.held;
        let all = held.len() as u64 == self.length;
        held.retain(|byte| !byte.is_ascii_whitespace());
        if !all {
            held.truncate(held.len() / 4 * 4);
        }
        let bytes = LENIENT.decode(&held).map_err(|error| RowError::Base64 {
            field: field.to_owned(),
            problem: error.to_string(),
        })?;
        let length = if all {
            bytes.len() as u64
        } else {
            self.length / 4 * 3
        };
        Ok((bytes, length))
    }
}

/// At most `most` bytes of those held, without a piece of a character at the
/// end, and the length there was if that is not all.
fn cut(mut held: Vec<u8>, length: u64, most: usize) -> (Vec<u8>, Option<u64>) {
    if length <= most as u64 {
        return (held, None);
    }
    let mut end = most.min(held.len());
    let continues = |at: usize| held.get(at).is_some_and(|byte| byte & 0xc0 == 0x80);
    if end < held.len() {
        // UTF-8: at most three bytes of a character stand before its last.
        let back = (0..4.min(end + 1)).find(|&back| !continues(end - back));
        end -= back.unwrap_or(0);
    } else if let Err(error) = std::str::from_utf8(&held)
        && error.error_len().is_none()
    {
        end = error.valid_up_to();
    }
    held.truncate(end);
    held.shrink_to_fit();
    (held, Some(length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::path::Path;

    #[test]
    fn the_name_of_a_field_says_what_it_holds() {
        let forms = [
            ("html", Form::Text),
            ("page", Form::Text),
            ("HTML_Base64", Form::Base64),
            ("html_path", Form::Path),
            ("file", Form::Path),
            ("profile", Form::Text),
            ("url", Form::Url),
        ];
        for (name, form) in forms {
            assert_eq!(Form::of(name), form, "{name}");
        }
    }

    #[test]
    fn base64_may_lack_its_padding_and_have_line_ends() {
        let options = TableOptions::of(Path::new("t.csv"), 100);
        let page = |text: &str| {
            let value = Value::whole(text.as_bytes().to_owned());
            value.page(Form::Base64, "html_base64", &options)
        };
        let tea = RowPage::Bytes(b"<p>Te".to_vec());
        assert_eq!(page("PHA+\r\nVGU").unwrap(), (tea, None));
        assert!(matches!(page("PHA+V"), Err(RowError::Base64 { .. })));
    }

    proptest! {
        #[test]
        fn text_is_cut_between_characters_as_late_as_may_be(text: String, most in 0_usize..40) {
            for held in [text.len(), most.min(text.len())] {
                let (bytes, length) = cut(
                    text.as_bytes()[..held].to_owned(), text.len() as u64, most
                );
                let kept = std::str::from_utf8(&bytes).unwrap();
                prop_assert!(text.starts_with(kept));
                prop_assert!(kept.len() <= most);
                prop_assert!(text.len().min(most) - kept.len() < 4);
                prop_assert_eq!(length.is_some(), text.len() > most);
            }
        }

        #[test]
        fn any_bytes_are_cut_at_the_bound(bytes: Vec<u8>, most in 0_usize..40) {
            let (kept, _) = cut(bytes.clone(), bytes.len() as u64, most);
            prop_assert!(kept.len() <= most && bytes.starts_with(&kept));
        }
    }
}
