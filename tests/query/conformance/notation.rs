//! The suite's notation of values, read.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Chars;

use super::shape::Shape;

/// The escapes of a cell of a table: `\|`, `\\` and `\n`.
pub fn unescape_cell(cell: &str) -> String {
    let mut text = String::new();
    let mut characters = cell.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, characters.peek()) {
            ('\\', Some('n')) => text.push('\n'),
            ('\\', Some(escaped @ ('|' | '\\'))) => text.push(*escaped),
            (other, _) => {
                text.push(other);
                continue;
            }
        }
        characters.next();
    }
    text
}

/// Reads a cell.
///
/// # Errors
/// What is wrong with it.
pub fn read_cell(cell: &str) -> Result<Shape, String> {
    let text = unescape_cell(cell.trim());
    let mut reader = Reader { characters: text.chars().peekable() };
    let shape = reader.value().map_err(|error| format!("{error} in {cell}"))?;
    reader.skip_spaces();
    match reader.characters.next() {
        None => Ok(shape),
        Some(more) => Err(format!("unexpected {more} in {cell}")),
    }
}

type Properties = BTreeMap<String, Shape>;

struct Reader<'a> {
    characters: Peekable<Chars<'a>>,
}

impl Reader<'_> {
    fn value(&mut self) -> Result<Shape, String> {
        self.skip_spaces();
        match self.peek() {
            Some('\'') => self.text().map(Shape::Text),
            Some('[') => self.list_or_relationship(),
            Some('{') => self.map().map(Shape::Map),
            Some('(') => self.node(),
            Some('<') => self.path(),
            _ => self.word(),
        }
    }

    /// `null`, `true`, a number.
    fn word(&mut self) -> Result<Shape, String> {
        let word = self.taken_while(|character| character.is_alphanumeric() || "+-._".contains(character));
        Ok(match word.as_str() {
            "null" => Shape::Null,
            "true" => Shape::Boolean(true),
            "false" => Shape::Boolean(false),
            "NaN" => Shape::Float(f64::NAN),
            "Inf" => Shape::Float(f64::INFINITY),
            "-Inf" => Shape::Float(f64::NEG_INFINITY),
            number => match number.parse() {
                Ok(integer) => Shape::Integer(integer),
                Err(_) => Shape::Float(number.parse().map_err(|_| format!("no value: `{number}`"))?),
            },
        })
    }

    fn text(&mut self) -> Result<String, String> {
        self.expect('\'')?;
        let mut text = String::new();
        loop {
            match self.characters.next().ok_or("a text without end")? {
                '\'' => return Ok(text),
                '\\' => text.push(escaped(self.characters.next().ok_or("a text without end")?)),
                other => text.push(other),
            }
        }
    }

    fn list_or_relationship(&mut self) -> Result<Shape, String> {
        self.expect('[')?;
        self.skip_spaces();
        if self.peek() == Some(':') {
            return self.relationship();
        }
        let mut items = Vec::new();
        while !self.took(']') {
            items.push(self.value()?);
            self.separator(']')?;
        }
        Ok(Shape::List(items))
    }

    /// Behind the bracket.
    fn relationship(&mut self) -> Result<Shape, String> {
        self.expect(':')?;
        let kind = self.name();
        let properties = self.properties()?;
        self.expect(']')?;
        Ok(Shape::Relationship(kind, properties))
    }

    fn node(&mut self) -> Result<Shape, String> {
        self.expect('(')?;
        let mut labels = Vec::new();
        while self.took(':') {
            labels.push(self.name());
        }
        let properties = self.properties()?;
        self.expect(')')?;
        Ok(Shape::Node(labels, properties))
    }

    /// `<(:A)-[:T]->(:B)<-[:T]-(:C)>`
    fn path(&mut self) -> Result<Shape, String> {
        self.expect('<')?;
        self.skip_spaces();
        let mut nodes = vec![self.node()?];
        let mut relationships = Vec::new();
        while !self.took('>') {
            let left = self.took('<');
            self.expect('-')?;
            self.expect('[')?;
            relationships.push((self.relationship()?, !left));
            self.expect('-')?;
            if !left {
                self.expect('>')?;
            }
            nodes.push(self.node()?);
        }
        Ok(Shape::Path(nodes, relationships))
    }

    fn properties(&mut self) -> Result<Properties, String> {
        self.skip_spaces();
        if self.peek() == Some('{') { self.map() } else { Ok(Properties::new()) }
    }

    fn map(&mut self) -> Result<Properties, String> {
        self.expect('{')?;
        let mut entries = Properties::new();
        while !self.took('}') {
            let key = self.name();
            self.expect(':')?;
            entries.insert(key, self.value()?);
            self.separator('}')?;
        }
        Ok(entries)
    }

    fn name(&mut self) -> String {
        self.skip_spaces();
        if self.took('`') {
            let name = self.taken_while(|character| character != '`');
            self.took('`');
            return name;
        }
        self.taken_while(|character| character.is_alphanumeric() || "_.@#".contains(character))
    }

    /// A comma, or the end, which is left.
    fn separator(&mut self, end: char) -> Result<(), String> {
        self.skip_spaces();
        if self.peek() == Some(end) { Ok(()) } else { self.expect(',') }
    }

    fn expect(&mut self, wanted: char) -> Result<(), String> {
        if self.took(wanted) {
            return Ok(());
        }
        Err(format!("`{wanted}` expected, not {:?}", self.peek()))
    }

    fn took(&mut self, wanted: char) -> bool {
        self.skip_spaces();
        self.characters.next_if_eq(&wanted).is_some()
    }

    fn taken_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while let Some(character) = self.characters.next_if(|character| wanted(*character)) {
            taken.push(character);
        }
        taken
    }

    fn skip_spaces(&mut self) {
        while self.characters.next_if(|character| character.is_whitespace()).is_some() {}
    }

    fn peek(&mut self) -> Option<char> {
        self.characters.peek().copied()
    }
}

fn escaped(character: char) -> char {
    match character {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\u{8}',
        'f' => '\u{c}',
        other => other,
    }
}

#[test]
fn values_are_read() {
    let none = Properties::new;
    let node = |label: &str| Shape::Node(vec![label.to_owned()], none());
    let kind = Shape::Relationship("T".to_owned(), none());
    let path = Shape::Path(vec![node("A"), node("B"), node("C")], vec![(kind.clone(), true), (kind, false)]);
    let one = Properties::from([("a".to_owned(), Shape::Integer(1))]);
    let text = |text: &str| Shape::Text(text.to_owned());
    let cases = [
        ("null", Shape::Null),
        ("-1.5e3", Shape::Float(-1500.0)),
        ("-9223372036854775808", Shape::Integer(i64::MIN)),
        ("'it\\'s'", text("it's")),
        ("'a\\nb'", text("a\nb")),
        (r"'\\\\'", text(r"\")),
        ("[1, [], 'x']", Shape::List(vec![Shape::Integer(1), Shape::List(Vec::new()), text("x")])),
        ("{a: 1}", Shape::Map(one.clone())),
        ("({a: 1})", Shape::Node(Vec::new(), one.clone())),
        ("(:A:B {a: 1})", Shape::Node(vec!["A".to_owned(), "B".to_owned()], one)),
        ("<(:A)-[:T]->(:B)<-[:T]-(:C)>", path),
    ];
    for (cell, shape) in cases {
        assert_eq!(read_cell(cell), Ok(shape), "{cell}");
    }
    assert!(matches!(read_cell("NaN"), Ok(Shape::Float(number)) if number.is_nan()));
    for wrong in ["", "'x", "[1", "{a 1}", "1 2", "(:A", "<(:A)-[:T]-(:B)>"] {
        assert!(read_cell(wrong).is_err(), "{wrong}");
    }
}
