//! Markdown → outline.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::{Entry, Shown, Signs, Style, one_line};

pub(super) fn entries(markdown: &str) -> Vec<Entry> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_MATH;
    let mut reader = Reader::default();
    for event in Parser::new_ext(markdown, options) {
        reader.read(event);
    }
    reader.entries
}

#[derive(Default)]
struct Reader {
    entries: Vec<Entry>,
    /// The leaf that is open.
    kind: Option<String>,
    signs: Signs,
    style: Style,
    code: Option<(String, String)>,
    /// The image that is open, and what is shown in its place.
    image: Option<(String, String)>,
}

impl Reader {
    fn read(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match (&mut self.code, &mut self.image) {
                (Some((_, code)), _) => code.push_str(&text),
                (None, Some((_, alternative))) => alternative.push_str(&text),
                (None, None) => self.inline().text(&text),
            },
            Event::Code(text) => match &mut self.image {
                Some((_, alternative)) => alternative.push_str(&text),
                None => {
                    self.style.code = true;
                    self.inline().text(&text);
                    self.style.code = false;
                }
            },
            Event::InlineMath(tex) => self.inline().put(Shown::Maths(one_line(&tex), false)),
            Event::DisplayMath(tex) => self.inline().put(Shown::Maths(one_line(&tex), true)),
            Event::FootnoteReference(label) => {
                self.inline().put(Shown::Call(label.into_string()));
            }
            Event::SoftBreak => self.inline().text(" "),
            Event::HardBreak => self.inline().put(Shown::Break),
            Event::Rule => {
                self.end_leaf();
                self.entries.push(Entry::Rule);
            }
            // Nothing that is written is either.
            Event::Html(html) | Event::InlineHtml(html) => {
                self.entries.push(Entry::Open(format!("raw HTML {html}")));
            }
            Event::TaskListMarker(_) => self.entries.push(Entry::Open("task".to_owned())),
        }
    }

    /// Where inlines go: items of tight lists have no paragraphs.
    fn inline(&mut self) -> &mut Self {
        self.kind.get_or_insert_with(|| "paragraph".to_owned());
        self
    }

    fn text(&mut self, text: &str) {
        self.signs.text(text, &self.style);
    }

    fn put(&mut self, shown: Shown) {
        let style = match shown {
            Shown::Break => Style::default(),
            _ => self.style.clone(),
        };
        self.signs.put(shown, &style);
    }

    fn open(&mut self, name: String) {
        self.end_leaf();
        self.entries.push(Entry::Open(name));
    }

    fn end_leaf(&mut self) {
        let signs = self.signs.done();
        if let Some(kind) = self.kind.take()
            && (!signs.is_empty() || kind == "cell")
        {
            self.entries.push(Entry::Leaf(kind, signs));
        }
    }

    fn begin_leaf(&mut self, kind: String) {
        self.end_leaf();
        self.kind = Some(kind);
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.begin_leaf("paragraph".to_owned()),
            Tag::Heading { level, .. } => self.begin_leaf(format!("heading {}", level as usize)),
            Tag::TableCell => self.begin_leaf("cell".to_owned()),
            Tag::BlockQuote(_) => self.open("quote".to_owned()),
            Tag::List(None) => self.open("list".to_owned()),
            Tag::List(Some(start)) => self.open(format!("list from {start}")),
            Tag::Item => self.open("item".to_owned()),
            Tag::FootnoteDefinition(label) => self.open(format!("note {label}")),
            Tag::Table(_) => self.open("table".to_owned()),
            Tag::TableHead | Tag::TableRow => self.open("row".to_owned()),
            Tag::CodeBlock(kind) => {
                self.end_leaf();
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.into_string(),
                    CodeBlockKind::Indented => "(indented)".to_owned(),
                };
                self.code = Some((language, String::new()));
            }
            Tag::Emphasis => self.style.emphasis = true,
            Tag::Strong => self.style.strong = true,
            Tag::Strikethrough => self.style.strike = true,
            Tag::Link { dest_url, .. } => self.style.link = Some((&*dest_url).into()),
            Tag::Image { dest_url, .. } => {
                self.image = Some((dest_url.into_string(), String::new()));
            }
            other => self.open(format!("{other:?}")),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::TableCell => self.end_leaf(),
            TagEnd::CodeBlock => {
                if let Some((language, text)) = self.code.take() {
                    let text = text.strip_suffix('\n').unwrap_or(&text).to_owned();
                    self.entries.push(Entry::Code { language, text });
                }
            }
            TagEnd::Emphasis => self.style.emphasis = false,
            TagEnd::Strong => self.style.strong = false,
            TagEnd::Strikethrough => self.style.strike = false,
            TagEnd::Link => self.style.link = None,
            TagEnd::Image => {
                if let Some((address, alternative)) = self.image.take() {
                    self.inline()
                        .put(Shown::Image(address, one_line(&alternative)));
                }
            }
            _ => {
                self.end_leaf();
                self.entries.push(Entry::Close);
            }
        }
    }
}
