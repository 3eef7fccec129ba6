//! Where things are printed: standard output and standard error, with colours where they are wanted.

use std::io::{self, BufWriter, StdoutLock, Write};

use anstream::{AutoStream, ColorChoice};

use crate::args::Format;

/// Standard output, for people or for machines.
pub(crate) enum Printer {
    /// Text: colours vanish where they are not wanted.
    Text(AutoStream<StdoutLock<'static>>),
    /// JSON values.
    Json(JsonWriter<BufWriter<StdoutLock<'static>>>),
}

impl Printer {
    pub(crate) fn new(format: Format, color: ColorChoice) -> Self {
        let out = io::stdout().lock();
        match format {
            Format::Text => Self::Text(AutoStream::new(out, color)),
            Format::Json => Self::Json(JsonWriter::value_or_array(BufWriter::with_capacity(1 << 16, out))),
            Format::Ndjson => Self::Json(JsonWriter::lines(BufWriter::with_capacity(1 << 16, out))),
        }
    }

    /// Says that the values form a list, were it of one.
    pub(crate) fn list(&mut self) -> io::Result<()> {
        match self {
            Self::Text(_) => Ok(()),
            Self::Json(writer) => writer.list(),
        }
    }

    /// Lets everything out that was printed so far.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Text(out) => out.flush(),
            Self::Json(writer) => writer.flush(),
        }
    }

    /// Ends the output: text with a last line, JSON with what is open.
    pub(crate) fn finish(self, last_line: Option<String>) -> io::Result<()> {
        match self {
            Self::Json(writer) => writer.finish(),
            Self::Text(mut out) => {
                if let Some(line) = last_line {
                    writeln!(out, "{line}")?;
                }
                out.flush()
            }
        }
    }
}

/// Prints to standard error. Where that is gone, no one is left to tell.
pub(crate) fn complain(color: ColorChoice, text: &str) {
    let _ = AutoStream::new(io::stderr().lock(), color).write_all(text.as_bytes());
}

/// JSON values one after the other: alone, as an array, or one a line.
pub(crate) struct JsonWriter<W: Write> {
    out: W,
    shape: Shape,
}

enum Shape {
    /// One value a line.
    Lines,
    /// One value, or an array of them: not known before the second.
    Undecided { first: Option<String> },
    /// An array that was begun; whether it has an item.
    Array { has_items: bool },
}

impl<W: Write> JsonWriter<W> {
    /// One value a line.
    pub(crate) fn lines(out: W) -> Self {
        let shape = Shape::Lines;
        Self { out, shape }
    }

    /// One value by itself; an array from the second on, or once [`JsonWriter::list`] is called.
    pub(crate) fn value_or_array(out: W) -> Self {
        let shape = Shape::Undecided { first: None };
        Self { out, shape }
    }

    /// Says that the values form a list, were it of one.
    pub(crate) fn list(&mut self) -> io::Result<()> {
        let Shape::Undecided { first } = &mut self.shape else {
            return Ok(());
        };
        let first = first.take();
        self.out.write_all(b"[")?;
        self.shape = Shape::Array { has_items: false };
        match first {
            Some(first) => self.item(&first),
            None => Ok(()),
        }
    }

    pub(crate) fn write(&mut self, value: &impl serde::Serialize) -> io::Result<()> {
        if matches!(self.shape, Shape::Lines) {
            serde_json::to_writer(&mut self.out, value)?;
            return self.out.write_all(b"\n");
        }
        let text = serde_json::to_string_pretty(value)?;
        match &mut self.shape {
            Shape::Undecided { first } if first.is_none() => {
                *first = Some(text);
                Ok(())
            }
            _ => {
                self.list()?;
                self.item(&text)
            }
        }
    }

    fn item(&mut self, text: &str) -> io::Result<()> {
        let Shape::Array { has_items } = &mut self.shape else {
            return Ok(());
        };
        let before: &[u8] = if *has_items { b",\n  " } else { b"\n  " };
        *has_items = true;
        self.out.write_all(before)?;
        // A line feed stands only between tokens: in strings it is escaped.
        self.out.write_all(text.replace('\n', "\n  ").as_bytes())
    }

    /// Lets everything out that was written so far.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        match &mut self.shape {
            Shape::Lines => {}
            Shape::Undecided { first } => {
                if let Some(first) = first.take() {
                    self.out.write_all(first.as_bytes())?;
                    self.out.write_all(b"\n")?;
                }
            }
            Shape::Array { has_items: true } => self.out.write_all(b"\n]\n")?,
            Shape::Array { has_items: false } => self.out.write_all(b"]\n")?,
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn written(list: bool, values: &[serde_json::Value]) -> String {
        let mut out = Vec::new();
        let mut writer = JsonWriter::value_or_array(&mut out);
        if list {
            writer.list().unwrap();
        }
        for value in values {
            writer.write(value).unwrap();
        }
        writer.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn one_value_stands_alone_and_several_in_an_array() {
        assert_eq!(written(false, &[]), "");
        assert_eq!(written(false, &[json!({"a": "\n"})]), "{\n  \"a\": \"\\n\"\n}\n");
        assert_eq!(written(false, &[json!(1), json!([2])]), "[\n  1,\n  [\n    2\n  ]\n]\n");
        assert_eq!(written(true, &[]), "[]\n");
        assert_eq!(written(true, &[json!(1)]), "[\n  1\n]\n");
    }
}
