//! The shape of a JSON text that is being typed: brackets, keys and values as far as they can be made out, whatever
//! is missing or left over. The strict reader says what is wrong with a text; this one says what it is about.

use std::borrow::Cow;

/// Brackets deeper than this are passed over.
const DEEPEST: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    Colon,
    Comma,
    /// A string.
    Text,
    /// Anything else that is no space: a number, `true`, a word whose quotes are still missing.
    Word,
}

/// A piece of the text, by bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) mark: Mark,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// A string without its second quote; it then ends with its line.
    pub(crate) open: bool,
}

impl Token {
    pub(crate) fn is_text(self) -> bool {
        self.mark == Mark::Text
    }

    pub(crate) fn is_scalar(self) -> bool {
        matches!(self.mark, Mark::Text | Mark::Word)
    }

    /// Whether a value, or a key, can end with it.
    fn ends_value(self) -> bool {
        matches!(self.mark, Mark::Text | Mark::Word | Mark::CloseBrace | Mark::CloseBracket)
    }

    /// Whether a value, or a key, can start with it.
    fn starts_value(self) -> bool {
        matches!(self.mark, Mark::Text | Mark::Word | Mark::OpenBrace | Mark::OpenBracket)
    }
}

/// Cuts a text into tokens; spaces are left out.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::with_capacity(text.len() / 12);
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let single = |mark| (mark, at + 1, false);
        let (mark, end, open) = match byte {
            b'{' => single(Mark::OpenBrace),
            b'}' => single(Mark::CloseBrace),
            b'[' => single(Mark::OpenBracket),
            b']' => single(Mark::CloseBracket),
            b':' => single(Mark::Colon),
            b',' => single(Mark::Comma),
            b'"' => {
                let (end, open) = string_end(text, at);
                (Mark::Text, end, open)
            }
            byte if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            _ => {
                let rest = bytes.get(at..).unwrap_or(&[]);
                let ends = |byte: &u8| byte.is_ascii_whitespace() || b"{}[]:,\"".contains(byte);
                (Mark::Word, at + rest.iter().position(ends).unwrap_or(rest.len()), false)
            }
        };
        tokens.push(Token { mark, start: at, end, open });
        at = end;
    }
    tokens
}

/// Where the string that starts at `start` ends, and whether its second quote is missing.
fn string_end(text: &str, start: usize) -> (usize, bool) {
    let rest = text.get(start + 1..).unwrap_or("");
    let mut bytes = rest.bytes().enumerate();
    let mut line = rest.len();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return (start + 1 + at + 1, false),
            b'\n' => {
                line = at;
                break;
            }
            // What is escaped ends nothing, but for a line's end, which nobody escapes.
            b'\\' if rest.as_bytes().get(at + 1).is_some_and(|next| *next != b'\n') => {
                bytes.next();
            }
            _ => {}
        }
    }
    // What closes brackets at the end of the line was there before the string was begun.
    let inside =
        rest.get(..line).unwrap_or(rest).trim_end_matches(|c: char| c.is_ascii_whitespace() || ",}]".contains(c));
    (start + 1 + inside.len(), true)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Object,
    Array,
    Text,
    Word,
}

/// What a node is to the one around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It stands for itself.
    Root,
    /// A key of an object.
    Key,
    /// A value of an object, with the node of its key where it has one.
    Value(Option<usize>),
    /// An entry of an array.
    Item,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) shape: Shape,
    pub(crate) role: Role,
    /// The object or array around it.
    pub(crate) parent: Option<usize>,
    /// From its first byte …
    pub(crate) start: usize,
    /// … to behind its last; where its closing bracket or quote is missing, to where it must have ended.
    pub(crate) end: usize,
}

/// What may come next in an object or array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// An entry of an array; `true` behind another one, without a comma between.
    Item(bool),
    /// A key; `true` behind a value, without a comma between.
    Key(bool),
    /// The colon behind this key.
    Colon(usize),
    /// The value of this key.
    Value(Option<usize>),
}

/// Where something would be put into a text: in which object or array, and as what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spot {
    /// The innermost object or array; none outside of all.
    pub(crate) inside: Option<usize>,
    pub(crate) state: State,
}

/// A text's nodes.
#[derive(Debug)]
pub(crate) struct Outline<'t> {
    text: &'t str,
    pub(crate) tokens: Vec<Token>,
    /// Before each token, and at the end.
    spots: Vec<Spot>,
    /// In the order in which they start.
    pub(crate) nodes: Vec<Node>,
}

struct Builder {
    nodes: Vec<Node>,
    /// What is open, and what comes next there.
    open: Vec<(usize, State)>,
}

impl<'t> Outline<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let tokens = tokens(text);
        let mut builder = Builder { nodes: Vec::with_capacity(tokens.len() / 2), open: Vec::new() };
        let mut spots = Vec::with_capacity(tokens.len() + 1);
        let mut rest = tokens.iter().peekable();
        let mut last_end = 0;
        while let Some(token) = rest.next() {
            spots.push(builder.spot());
            let names = rest.peek().is_some_and(|next| next.mark == Mark::Colon);
            builder.take(*token, names, last_end);
            last_end = token.end;
        }
        spots.push(builder.spot());
        while !builder.open.is_empty() {
            builder.close(text.len());
        }
        Self { text, tokens, spots, nodes: builder.nodes }
    }

    pub(crate) fn text(&self) -> &'t str {
        self.text
    }

    pub(crate) fn node(&self, at: usize) -> Option<&Node> {
        self.nodes.get(at)
    }

    /// The place between the tokens before `token` and that one.
    pub(crate) fn spot(&self, token: usize) -> Spot {
        self.spots.get(token).copied().unwrap_or(Spot { inside: None, state: State::Item(false) })
    }

    /// The node that starts with this token.
    pub(crate) fn node_of(&self, token: Token) -> Option<usize> {
        self.nodes.binary_search_by_key(&token.start, |node| node.start).ok()
    }

    /// The nodes inside of one, not those deeper.
    pub(crate) fn children(&self, parent: usize) -> impl Iterator<Item = (usize, &Node)> {
        let end = self.node(parent).map_or(0, |node| node.end);
        let inside = self.nodes.iter().enumerate().skip(parent + 1).take_while(move |(_, node)| node.start < end);
        inside.filter(move |(_, node)| node.parent == Some(parent))
    }

    /// The keys of an object with their values.
    pub(crate) fn entries(&self, object: usize) -> impl Iterator<Item = (usize, Option<usize>)> {
        self.children(object).filter(|(_, node)| node.role == Role::Key).map(move |(key, _)| {
            let value = self.children(object).find(|(_, node)| node.role == Role::Value(Some(key)));
            (key, value.map(|(at, _)| at))
        })
    }

    /// A value's strings: itself, or the entries of the array that it is.
    pub(crate) fn strings(&self, value: usize) -> impl Iterator<Item = (usize, Cow<'t, str>)> {
        let own = self.node(value).is_some_and(|node| node.shape == Shape::Text).then_some(value);
        let items = self.node(value).is_some_and(|node| node.shape == Shape::Array).then(|| self.children(value));
        let items = items.into_iter().flatten().filter(|(_, node)| node.shape == Shape::Text).map(|(at, _)| at);
        own.into_iter().chain(items).map(|at| (at, self.string(at)))
    }

    /// What a string or word says.
    pub(crate) fn string(&self, at: usize) -> Cow<'t, str> {
        let Some(node) = self.node(at) else { return Cow::Borrowed("") };
        let written = self.text.get(node.start..node.end).unwrap_or("");
        match node.shape {
            Shape::Text => unquote(written),
            _ => Cow::Borrowed(written),
        }
    }

    /// From the outermost object or array to the one given, each with the key it is the value of; entries of an array
    /// stand without.
    pub(crate) fn way(&self, to: usize) -> Vec<(usize, Option<usize>)> {
        let mut way = Vec::new();
        let mut next = Some(to);
        while let Some(at) = next
            && let Some(node) = self.node(at)
        {
            let key = if let Role::Value(key) = node.role { key } else { None };
            way.push((at, key));
            next = node.parent;
        }
        way.reverse();
        way
    }

    /// The token that the cursor at byte `offset` is in, by its place.
    pub(crate) fn token_at(&self, offset: usize) -> Option<usize> {
        let at = self.tokens.partition_point(|token| token.start < offset).checked_sub(1)?;
        let token = self.tokens.get(at)?;
        let inside = match token.mark {
            Mark::Text => offset < token.end || token.open && offset == token.end,
            Mark::Word => offset <= token.end,
            _ => false,
        };
        inside.then_some(at)
    }

    /// How many tokens lie before byte `offset`.
    pub(crate) fn tokens_before(&self, offset: usize) -> usize {
        self.tokens.partition_point(|token| token.end <= offset)
    }

    /// Where a comma is missing before what is put in front of `token`.
    pub(crate) fn missing_comma(&self, token: usize) -> Option<usize> {
        let behind_value = matches!(self.spot(token).state, State::Item(true) | State::Key(true));
        let last = self.tokens.get(token.checked_sub(1)?)?;
        (behind_value && last.ends_value()).then_some(last.end)
    }

    /// Whether what follows in the text from `token` on needs a comma before it.
    pub(crate) fn wants_comma(&self, token: usize) -> bool {
        self.tokens.get(token).is_some_and(|next| next.starts_value())
    }

    pub(crate) fn is_colon(&self, token: usize) -> bool {
        self.tokens.get(token).is_some_and(|next| next.mark == Mark::Colon)
    }
}

/// The contents of a string as written; as it stands where an escape in it is broken.
fn unquote(written: &str) -> Cow<'_, str> {
    let inside = written.strip_prefix('"').unwrap_or(written);
    let inside = inside.strip_suffix('"').unwrap_or(inside);
    if inside.contains('\\')
        && let Ok(text) = serde_json::from_str(&format!("\"{inside}\""))
    {
        return Cow::Owned(text);
    }
    Cow::Borrowed(inside)
}

impl Builder {
    fn spot(&self) -> Spot {
        match self.open.last() {
            Some((inside, state)) => Spot { inside: Some(*inside), state: *state },
            None => Spot { inside: None, state: State::Item(!self.nodes.is_empty()) },
        }
    }

    /// `names` says that a colon follows, `last_end` where the token before ended.
    fn take(&mut self, token: Token, names: bool, last_end: usize) {
        match token.mark {
            Mark::OpenBrace => self.open(token, Shape::Object),
            Mark::OpenBracket => self.open(token, Shape::Array),
            Mark::CloseBrace => self.close_shape(token, Shape::Object),
            Mark::CloseBracket => self.close_shape(token, Shape::Array),
            Mark::Text => self.scalar(token, Shape::Text, names, last_end),
            Mark::Word => self.scalar(token, Shape::Word, names, last_end),
            Mark::Colon => match self.state() {
                Some(State::Colon(key)) => self.expect(State::Value(Some(key))),
                Some(State::Key(_)) => self.expect(State::Value(None)),
                _ => {}
            },
            Mark::Comma => match self.state() {
                Some(State::Item(_)) => self.expect(State::Item(false)),
                Some(_) => self.expect(State::Key(false)),
                None => {}
            },
        }
    }

    fn state(&self) -> Option<State> {
        self.open.last().map(|(_, state)| *state)
    }

    fn expect(&mut self, next: State) {
        if let Some((_, state)) = self.open.last_mut() {
            *state = next;
        }
    }

    fn add(&mut self, token: Token, shape: Shape, role: Role) -> usize {
        let parent = self.open.last().map(|(parent, _)| *parent);
        self.nodes.push(Node { shape, role, parent, start: token.start, end: token.end });
        self.nodes.len() - 1
    }

    /// Puts a value in, and says what it is to what is around it.
    fn value(&mut self, token: Token, shape: Shape) -> usize {
        let (role, next) = match self.state() {
            None => (Role::Root, None),
            Some(State::Item(_)) => (Role::Item, Some(State::Item(true))),
            Some(State::Colon(key)) => (Role::Value(Some(key)), Some(State::Key(true))),
            Some(State::Value(key)) => (Role::Value(key), Some(State::Key(true))),
            Some(State::Key(_)) => (Role::Value(None), Some(State::Key(true))),
        };
        let node = self.add(token, shape, role);
        if let Some(next) = next {
            self.expect(next);
        }
        node
    }

    fn open(&mut self, token: Token, shape: Shape) {
        if self.open.len() < DEEPEST {
            let node = self.value(token, shape);
            self.open.push((node, if shape == Shape::Object { State::Key(false) } else { State::Item(false) }));
        }
    }

    fn scalar(&mut self, token: Token, shape: Shape, names: bool, last_end: usize) {
        let in_object = |open: &(usize, State)| !matches!(open.1, State::Item(_));
        if names && shape == Shape::Text && self.open.iter().any(in_object) {
            // A key in an array: the array's bracket is missing.
            while self.open.last().is_some_and(|open| !in_object(open)) {
                self.close(last_end);
            }
        }
        match self.state() {
            Some(State::Key(_)) => {
                let key = self.add(token, shape, Role::Key);
                self.expect(State::Colon(key));
            }
            // A string that a colon follows is a key: what should stand before it is missing.
            Some(State::Colon(_) | State::Value(_)) if names => {
                let key = self.add(token, shape, Role::Key);
                self.expect(State::Colon(key));
            }
            _ => {
                self.value(token, shape);
            }
        }
    }

    fn close(&mut self, end: usize) {
        if let Some((node, _)) = self.open.pop()
            && let Some(node) = self.nodes.get_mut(node)
        {
            node.end = end;
        }
    }

    /// Closes the innermost bracket of this shape, and those inside of it that were left open.
    fn close_shape(&mut self, token: Token, shape: Shape) {
        let is_it = |(_, state): &(usize, State)| matches!(state, State::Item(_)) == (shape == Shape::Array);
        let Some(depth) = self.open.iter().rposition(is_it) else { return };
        while self.open.len() > depth + 1 {
            self.close(token.start);
        }
        self.close(token.end);
    }
}
