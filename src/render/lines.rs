//! Lines with what each container that they stand in puts before them.

/// What stands before each line of a container.
pub(super) struct Prefix {
    first: String,
    rest: String,
    used: bool,
}

impl Prefix {
    /// `first` before the first line, so many spaces before each other.
    pub(super) fn new(first: String, spaces: usize) -> Self {
        Self {
            first,
            rest: " ".repeat(spaces),
            used: false,
        }
    }

    /// A marker, and as much space before the lines after it.
    pub(super) fn marker(first: String) -> Self {
        let spaces = first.len();
        Self::new(first, spaces)
    }

    /// The same before every line.
    pub(super) fn every(mark: &str) -> Self {
        Self {
            first: mark.to_owned(),
            rest: mark.to_owned(),
            used: false,
        }
    }
}

/// Lines written so far, and the containers that are open.
#[derive(Default)]
pub(super) struct Lines {
    out: String,
    prefixes: Vec<Prefix>,
    /// An empty line is due before what comes next.
    due: bool,
}

impl Lines {
    /// Begins a container.
    pub(super) fn begin(&mut self, prefix: Prefix) {
        self.separate();
        self.prefixes.push(prefix);
    }

    /// Ends the innermost container.
    pub(super) fn end(&mut self) {
        self.prefixes.pop();
        self.due = true;
    }

    /// What comes next follows without an empty line.
    pub(super) fn follow(&mut self) {
        self.due = false;
    }

    /// Writes a paragraph or whatever else stands by itself.
    pub(super) fn leaf(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.separate();
        for line in text.split('\n') {
            self.line(line);
        }
        self.due = true;
    }

    /// Bytes of the lines so far.
    pub(super) fn len(&self) -> usize {
        self.out.len()
    }

    /// All lines.
    pub(super) fn written(self) -> String {
        self.out
    }

    fn separate(&mut self) {
        if std::mem::take(&mut self.due) {
            self.line("");
        }
    }

    fn line(&mut self, line: &str) {
        let start = self.out.len();
        for prefix in &mut self.prefixes {
            let used = std::mem::replace(&mut prefix.used, true);
            self.out
                .push_str(if used { &prefix.rest } else { &prefix.first });
        }
        if line.is_empty() {
            let end = self.out[start..].trim_end_matches(' ').len();
            self.out.truncate(start + end);
        }
        self.out.push_str(line);
        self.out.push('\n');
    }
}
