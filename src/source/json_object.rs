//! A line of JSON → the page it stands for. Fields that say nothing of the page
//! are walked over and not kept.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::columns::{CHARSET, MARKUP, listed};
use super::value::{Form, SHORT, Value};
use super::{Row, RowError, TableOptions};

/// The page that a line of JSON stands for; its number is not known here, and 0.
pub(super) fn row(line: &[u8], options: &TableOptions) -> Result<Row, RowError> {
    let found = match line[0] {
        b'{' => None,
        b'[' => Some("a list"),
        b'"' => Some("a string"),
        b'-' | b'0'..=b'9' => Some("a number"),
        _ => match line {
            b"null" => Some("null"),
            b"true" | b"false" => Some("a boolean"),
            _ => None,
        },
    };
    if let Some(found) = found {
        return Err(RowError::NotAnObject { found });
    }
    let fields = &options.fields;
    let wanted = Wanted {
        html: fields.html.as_deref(),
        id: fields.id.as_deref().unwrap_or("id"),
        url: fields.url.as_deref().unwrap_or("url"),
    };
    let mut deserializer = serde_json::Deserializer::from_slice(line);
    let object = deserializer
        .deserialize_map(wanted)
        .and_then(|object| deserializer.end().map(|()| object))
        .map_err(|error| {
            // serde_json counts lines within what it is given: a line of one.
            let said = error.to_string();
            let end = said.find(" at line 1 ").unwrap_or(said.len());
            RowError::Json {
                problem: said[..end].to_owned(),
                column: error.column(),
            }
        })?;
    object.row(options)
}

/// Names of the fields that are kept.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    html: Option<&'a str>,
    id: &'a str,
    url: &'a str,
}

/// What a line says in them.
#[derive(Default)]
struct Object {
    /// The page's field: its rank among the usual names, its name, its value.
    html: Option<(usize, String, Json)>,
    id: Option<(String, Json)>,
    url: Option<(String, Json)>,
    charset: Option<(String, Json)>,
    /// Names of all fields, for the message where none of them is the page's.
    names: Vec<String>,
    sought: String,
}

/// A value of which only text and numbers are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Json {
    Null,
    Text(String),
    Number(String),
    Other(&'static str),
}

impl Object {
    fn row(self, options: &TableOptions) -> Result<Row, RowError> {
        let Some((_, field, value)) = self.html else {
            return Err(RowError::NoField {
                wanted: self.sought,
                fields: listed(&self.names),
            });
        };
        let form = Form::of(&field);
        let text = value.text(&field)?.ok_or_else(|| RowError::Empty {
            field: field.clone(),
        })?;
        let (page, cut) = Value::whole(text.into_bytes()).page(form, &field, options)?;
        let charset = match form {
            // JSON is UTF-8, whatever the page says of itself.
            Form::Text => Some("utf-8".to_owned()),
            _ => short(self.charset, false)?,
        };
        Ok(Row {
            number: 0,
            id: short(self.id, true)?,
            url: short(self.url, false)?,
            charset,
            page,
            cut,
        })
    }
}

/// An id, an address or a charset, if it is there and says something.
fn short(field: Option<(String, Json)>, numbers: bool) -> Result<Option<String>, RowError> {
    match field {
        Some((_, Json::Number(number))) if numbers => Ok(Some(number)),
        Some((name, value)) => {
            let text = value.text(&name)?.filter(|text| !text.trim().is_empty());
            match text {
                Some(text) if text.len() > SHORT => Err(RowError::LongField {
                    field: name,
                    bytes: text.len() as u64,
                }),
                text => Ok(text),
            }
        }
        None => Ok(None),
    }
}

impl Json {
    fn text(self, field: &str) -> Result<Option<String>, RowError> {
        let found = match self {
            Self::Null => return Ok(None),
            Self::Text(text) => return Ok(Some(text)),
            Self::Number(_) => "a number",
            Self::Other(found) => found,
        };
        Err(RowError::WrongType {
            field: field.to_owned(),
            found,
            wanted: "text",
        })
    }
}

impl<'de> Visitor<'de> for Wanted<'_> {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
        /// Names that are kept for the message.
        const NAMES: usize = 64;
        let mut object = Object {
            sought: match self.html {
                Some(name) => format!("{name:?}"),
                None => MARKUP.join(", "),
            },
            ..Object::default()
        };
        while let Some(name) = map.next_key::<String>()? {
            let rank = match self.html {
                Some(html) => (name == html).then_some(0),
                None => MARKUP.iter().position(|usual| *usual == name),
            };
            // One that comes first among the usual names is kept already.
            let rank = rank.filter(|rank| object.html.as_ref().is_none_or(|kept| *rank <= kept.0));
            let id = name == self.id;
            let url = name == self.url;
            let charset = name == CHARSET;
            if rank.is_none() && !id && !url && !charset {
                map.next_value::<IgnoredAny>()?;
            } else {
                let value: Json = map.next_value()?;
                let field = || Some((name.clone(), value.clone()));
                if id {
                    object.id = field();
                }
                if url {
                    object.url = field();
                }
                if charset {
                    object.charset = field();
                }
                if let Some(rank) = rank
                    && (self.html.is_some() || value != Json::Null)
                {
                    object.html = Some((rank, name.clone(), value));
                }
            }
            if object.names.len() <= NAMES {
                object.names.push(name);
            }
        }
        Ok(object)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Json, E> {
        Ok(Json::Text(text))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(number.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Number(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(Json::Number(number.to_string()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Json, E> {
        Ok(Json::Other("a boolean"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Json::Other("a list"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Json::Other("an object"))
    }
}
