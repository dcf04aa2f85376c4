//! Which columns of a table are meant.

use super::value::Form;
use super::{Fields, TableError};

/// Names that a field of HTML goes by, those that are sought first before the
/// others.
pub(super) const MARKUP: [&str; 6] = [
    "html",
    "html_base64",
    "html_path",
    "content",
    "raw_html",
    "body",
];

/// Names that a column of paths goes by in a CSV table.
pub(super) const PATHS: [&str; 2] = ["path", "file"];

/// The field whose value is the charset of a page that is given as bytes.
pub(super) const CHARSET: &str = "charset";

/// Columns of a table by their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    pub html: usize,
    pub form: Form,
    pub id: Option<usize>,
    pub url: Option<usize>,
    pub charset: Option<usize>,
}

impl Columns {
    /// Finds the columns that `fields` mean among `names`, by their usual names
    /// without regard to case. In a CSV table `path` and `file` are usual names
    /// too, and one of nothing but addresses, beside ids, gives addresses.
    pub fn find(names: &[String], fields: &Fields, is_csv: bool) -> Result<Self, TableError> {
        let place = |sought: &str| {
            let exact = names.iter().position(|name| name == sought);
            exact.or_else(|| {
                let same = |name: &String| name.eq_ignore_ascii_case(sought);
                names.iter().position(same)
            })
        };
        let missing = |wanted: String| TableError::NoColumn {
            wanted,
            columns: listed(names),
        };
        let named = |given: &Option<String>, usual: &str| match given {
            Some(name) => place(name).map(Some).ok_or_else(|| missing(quoted(name))),
            None => Ok(place(usual)),
        };
        let id = named(&fields.id, "id")?;
        let url = named(&fields.url, "url")?;
        let charset = place(CHARSET);
        let usual = || {
            MARKUP
                .iter()
                .chain(is_csv.then_some(&PATHS).into_iter().flatten())
        };
        let (html, form) = if let Some(name) = &fields.html {
            let html = place(name).ok_or_else(|| missing(quoted(name)))?;
            (html, Form::of(name))
        } else if let Some(html) = usual().find_map(|name| place(name)) {
            (html, Form::of(&names[html]))
        } else if let Some(url) = url.filter(|&url| {
            is_csv && (0..names.len()).all(|at| at == url || Some(at) == id || Some(at) == charset)
        }) {
            (url, Form::Url)
        } else {
            let usual: Vec<&str> = usual().copied().collect();
            return Err(missing(usual.join(", ")));
        };
        Ok(Self {
            html,
            form,
            id,
            url,
            charset,
        })
    }
}

fn quoted(name: &str) -> String {
    format!("{name:?}")
}

/// Names for a message: the first of many, none longer than a line.
pub(super) fn listed(names: &[String]) -> String {
    const MOST: usize = 20;
    let mut text: Vec<String> = (names.iter().take(MOST))
        .map(|name| match name.char_indices().nth(40) {
            Some((end, _)) => format!("{:?}…", &name[..end]),
            None => quoted(name),
        })
        .collect();
    if names.len() > MOST {
        text.push(format!("and {} more", names.len() - MOST));
    }
    if text.is_empty() {
        text.push("none".to_owned());
    }
    text.join(", ")
}
