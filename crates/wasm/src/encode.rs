//! To JSON text, as `JSON.stringify` writes it and `serde_json` too, without the error texts, the number formatting and
//! the writer behind a trait that `serde_json`'s serializer brings into a module that is downloaded before the first
//! answer.

use core::fmt::{self, Display, Write as _};

use serde::ser::{self, Serialize};

/// The JSON text of a value.
///
/// # Errors
/// Maps whose keys are no text, numbers beyond 64 bits, and bytes: nothing that the engine answers has them.
pub(crate) fn json(value: &impl Serialize) -> Result<String, Unencodable> {
    let mut json = Json { text: String::new() };
    value.serialize(&mut json)?;
    Ok(json.text)
}

/// JSON has no such value.
#[derive(Debug)]
pub(crate) struct Unencodable;

impl Display for Unencodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON has no such value")
    }
}

impl core::error::Error for Unencodable {}

impl ser::Error for Unencodable {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

struct Json {
    text: String,
}

impl Json {
    fn string(&mut self, text: &str) {
        self.text.push('"');
        let mut written = 0;
        for (at, byte) in text.bytes().enumerate() {
            if byte >= 0x20 && byte != b'"' && byte != b'\\' {
                continue;
            }
            self.text.push_str(text.get(written..at).unwrap_or_default());
            written = at + 1;
            match byte {
                b'"' => self.text.push_str("\\\""),
                b'\\' => self.text.push_str("\\\\"),
                b'\n' => self.text.push_str("\\n"),
                b'\r' => self.text.push_str("\\r"),
                b'\t' => self.text.push_str("\\t"),
                0x08 => self.text.push_str("\\b"),
                0x0c => self.text.push_str("\\f"),
                _ => {
                    self.text.push_str("\\u00");
                    self.hex(byte >> 4);
                    self.hex(byte & 15);
                }
            }
        }
        self.text.push_str(text.get(written..).unwrap_or_default());
        self.text.push('"');
    }

    fn hex(&mut self, digit: u8) {
        self.text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
    }

    /// Most of a report are places, three numbers each: written without the formatter, which takes its time.
    fn number(&mut self, number: u64) {
        let mut digits = [b'0'; 20];
        let mut rest = number;
        let mut start = digits.len();
        for (at, digit) in digits.iter_mut().enumerate().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
            start = at;
            if rest == 0 {
                break;
            }
        }
        let digits = digits.get(start..).unwrap_or_default();
        self.text.push_str(core::str::from_utf8(digits).unwrap_or_default());
    }

    /// A single key with its value, as variants are written.
    fn variant(&mut self, name: &str) {
        self.text.push('{');
        self.string(name);
        self.text.push(':');
    }
}

/// An array or object under way.
struct Items<'a> {
    json: &'a mut Json,
    close: &'static str,
    empty: bool,
}

impl<'a> Items<'a> {
    fn open(json: &'a mut Json, open: &'static str, close: &'static str) -> Self {
        json.text.push_str(open);
        Self { json, close, empty: true }
    }

    fn comma(&mut self) {
        if !self.empty {
            self.json.text.push(',');
        }
        self.empty = false;
    }

    fn item(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), Unencodable> {
        self.comma();
        value.serialize(&mut *self.json)
    }

    fn field(&mut self, key: &'static str, value: &(impl Serialize + ?Sized)) -> Result<(), Unencodable> {
        self.key(key);
        value.serialize(&mut *self.json)
    }

    /// Names of fields need no escapes: they are Rust's.
    fn key(&mut self, key: &'static str) {
        self.comma();
        self.json.text.push('"');
        self.json.text.push_str(key);
        self.json.text.push_str("\":");
    }

    fn close(self) {
        self.json.text.push_str(self.close);
    }
}

macro_rules! numbers {
    ($($unsigned:ident $of_unsigned:ident, $signed:ident $of_signed:ident;)*) => {
        $(
            fn $of_unsigned(self, number: $unsigned) -> Result<(), Unencodable> {
                self.number(u64::from(number));
                Ok(())
            }

            fn $of_signed(self, number: $signed) -> Result<(), Unencodable> {
                if number < 0 {
                    self.text.push('-');
                }
                self.number(u64::from(number.unsigned_abs()));
                Ok(())
            }
        )*
    };
}

impl<'a> ser::Serializer for &'a mut Json {
    type Ok = ();
    type Error = Unencodable;
    type SerializeSeq = Items<'a>;
    type SerializeTuple = Items<'a>;
    type SerializeTupleStruct = Items<'a>;
    type SerializeTupleVariant = Items<'a>;
    type SerializeMap = Items<'a>;
    type SerializeStruct = Items<'a>;
    type SerializeStructVariant = Items<'a>;

    numbers! {
        u8 serialize_u8, i8 serialize_i8;
        u16 serialize_u16, i16 serialize_i16;
        u32 serialize_u32, i32 serialize_i32;
        u64 serialize_u64, i64 serialize_i64;
    }

    fn serialize_bool(self, value: bool) -> Result<(), Unencodable> {
        self.text.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_f32(self, number: f32) -> Result<(), Unencodable> {
        self.serialize_f64(f64::from(number))
    }

    /// As `JSON.stringify`: what is no number is `null`.
    fn serialize_f64(self, number: f64) -> Result<(), Unencodable> {
        if !number.is_finite() {
            return self.serialize_unit();
        }
        write!(self.text, "{number}").map_err(|_| Unencodable)
    }

    fn serialize_char(self, character: char) -> Result<(), Unencodable> {
        self.string(character.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Result<(), Unencodable> {
        self.string(text);
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Unencodable> {
        Err(Unencodable)
    }

    fn serialize_none(self) -> Result<(), Unencodable> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unencodable> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Unencodable> {
        self.text.push_str("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unencodable> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<(), Unencodable> {
        self.string(name);
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Unencodable> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Result<(), Unencodable> {
        self.variant(name);
        value.serialize(&mut *self)?;
        self.text.push('}');
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'a>, Unencodable> {
        Ok(Items::open(self, "[", "]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Items<'a>, Unencodable> {
        Ok(Items::open(self, "[", "]"))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items<'a>, Unencodable> {
        Ok(Items::open(self, "[", "]"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<Items<'a>, Unencodable> {
        self.variant(name);
        Ok(Items::open(self, "[", "]}"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Items<'a>, Unencodable> {
        Ok(Items::open(self, "{", "}"))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Items<'a>, Unencodable> {
        Ok(Items::open(self, "{", "}"))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<Items<'a>, Unencodable> {
        self.variant(name);
        Ok(Items::open(self, "{", "}}"))
    }
}

macro_rules! items {
    ($($compound:ident $element:ident;)*) => {
        $(impl ser::$compound for Items<'_> {
            type Ok = ();
            type Error = Unencodable;

            fn $element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unencodable> {
                self.item(value)
            }

            fn end(self) -> Result<(), Unencodable> {
                self.close();
                Ok(())
            }
        })*
    };
}

items! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
    SerializeTupleVariant serialize_field;
}

macro_rules! fields {
    ($($compound:ident)*) => {
        $(impl ser::$compound for Items<'_> {
            type Ok = ();
            type Error = Unencodable;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Unencodable> {
                self.field(key, value)
            }

            fn end(self) -> Result<(), Unencodable> {
                self.close();
                Ok(())
            }
        })*
    };
}

fields! { SerializeStruct SerializeStructVariant }

impl ser::SerializeMap for Items<'_> {
    type Ok = ();
    type Error = Unencodable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unencodable> {
        self.comma();
        let before = self.json.text.len();
        key.serialize(&mut *self.json)?;
        let is_text = self.json.text.get(before..).is_some_and(|key| key.starts_with('"'));
        self.json.text.push(':');
        if is_text { Ok(()) } else { Err(Unencodable) }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unencodable> {
        value.serialize(&mut *self.json)
    }

    fn end(self) -> Result<(), Unencodable> {
        self.close();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Serialize;
    use serde_json::Value;

    use super::*;

    #[derive(Serialize)]
    enum Variants {
        Unit,
        Newtype(u8),
        Tuple(i8, char),
        Struct { field: Option<f64> },
    }

    #[derive(Serialize)]
    struct Unit;

    #[derive(Serialize)]
    struct Pair(f32, ());

    #[track_caller]
    fn as_serde_json(value: &impl Serialize) {
        assert_eq!(json(value).unwrap(), serde_json::to_string(value).unwrap());
    }

    #[test]
    fn every_value_is_written_as_serde_json_writes_it() {
        as_serde_json(&[Variants::Unit, Variants::Newtype(7), Variants::Tuple(-8, 'é')]);
        as_serde_json(&[Variants::Struct { field: None }, Variants::Struct { field: Some(-0.5) }]);
        as_serde_json(&(Unit, Pair(f32::NAN, ()), Pair(1.25, ()), true));
        as_serde_json(&(u64::MAX, i64::MIN, 0_u8, 10_u16, -1_i32, 4_294_967_295_u32, i16::MAX));
        as_serde_json(&BTreeMap::from([("a \" b", vec![Some("x"), None]), ("", Vec::new())]));
        let all: String = (0..0x180).filter_map(char::from_u32).chain(['☃', '😀', '\u{2028}']).collect();
        as_serde_json(&all);
        let nested: Value = serde_json::json!({ "a": [{}, [], { "b": { "c\n": [null, false, "\\"] } }] });
        as_serde_json(&nested);
    }

    #[test]
    fn a_report_is_written_as_serde_json_writes_it() {
        for (_, text) in playground_cases() {
            let file: Value = serde_json::from_str(&text).unwrap();
            for scenario in file["scenarios"].as_array().into_iter().flatten() {
                as_serde_json(&playground::evaluate_value(scenario, playground::Options { now: Some(0) }));
            }
        }
    }

    fn playground_cases() -> impl Iterator<Item = (std::path::PathBuf, String)> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        files
            .filter(|file| file.extension().is_some_and(|extension| extension == "json"))
            .map(|file| (file.clone(), std::fs::read_to_string(file).unwrap()))
    }

    #[test]
    fn what_json_does_not_have_is_refused() {
        assert!(json(&BTreeMap::from([(1, 2)])).is_err());
        assert!(json(&1_u128).is_err());
    }
}
