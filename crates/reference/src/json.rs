//! Writing indented JSON.

#[derive(Default)]
pub(crate) struct Writer {
    text: String,
    depth: usize,
    /// Whether something stands before the next item, in the same brackets.
    after: bool,
}

impl Writer {
    pub(crate) fn finish(self) -> String {
        self.text
    }

    /// Opens an object or a list.
    pub(crate) fn open(&mut self, key: Option<&str>, bracket: char) {
        self.start(key);
        self.bracket(bracket);
    }

    /// Closes it.
    pub(crate) fn close(&mut self, bracket: char) {
        self.depth = self.depth.saturating_sub(1);
        if self.after {
            self.line();
        }
        self.text.push(bracket);
        self.after = true;
    }

    /// A value that is JSON without brackets.
    pub(crate) fn item(&mut self, key: Option<&str>, json: &str) {
        self.start(key);
        self.text.push_str(json);
        self.after = true;
    }

    /// A string in parts, already escaped.
    pub(crate) fn string(&mut self, key: Option<&str>, parts: &[&str]) {
        self.start(key);
        self.text.push('"');
        self.text.extend(parts.iter().copied());
        self.text.push('"');
        self.after = true;
    }

    /// An object that is JSON without spaces between its tokens.
    pub(crate) fn json(&mut self, key: &str, json: &str) {
        let mut key = Some(key);
        let mut quoted = false;
        let mut escaped = false;
        // What the last character was: a value goes on the line of its key, and on with its own characters.
        let mut last = ',';
        for character in json.chars() {
            if quoted {
                self.text.push(character);
                quoted = escaped || character != '"';
                escaped = character == '\\' && !escaped;
                continue;
            }
            match character {
                ',' => {}
                ':' => self.text.push_str(": "),
                '}' | ']' => self.close(character),
                _ => {
                    if matches!(last, ',' | '{' | '[') {
                        self.start(key.take());
                    }
                    if matches!(character, '{' | '[') {
                        self.bracket(character);
                    } else {
                        self.text.push(character);
                        self.after = true;
                        quoted = character == '"';
                    }
                }
            }
            last = character;
        }
    }

    fn start(&mut self, key: Option<&str>) {
        if self.after {
            self.text.push(',');
        }
        self.line();
        if let Some(key) = key {
            self.text.extend(["\"", key, "\": "]);
        }
    }

    fn bracket(&mut self, bracket: char) {
        self.text.push(bracket);
        self.depth += 1;
        self.after = false;
    }

    fn line(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
            self.text.extend(core::iter::repeat_n("  ", self.depth));
        }
    }
}
