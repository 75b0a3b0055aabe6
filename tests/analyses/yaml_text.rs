//! YAML as plain values, read with code that shares nothing with ezu.

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value as Json};

/// The mapping that a file holds; `scalar` says what a scalar means, given whether it stands without quotes.
pub(crate) fn parse(text: &str, scalar: fn(&str, bool) -> Json) -> Json {
    let mut parser = Parser::new_from_str(text);
    let mut next = move || parser.next_event().expect("more").expect("sound YAML").0;
    loop {
        let event = next();
        if matches!(event, Event::MappingStart(..)) {
            return value(event, &mut next, scalar);
        }
    }
}

fn value<'a>(event: Event<'a>, next: &mut impl FnMut() -> Event<'a>, scalar: fn(&str, bool) -> Json) -> Json {
    match event {
        Event::Scalar(text, style, ..) => scalar(&text, style == ScalarStyle::Plain),
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            loop {
                match next() {
                    Event::SequenceEnd => return Json::Array(items),
                    event => items.push(value(event, next, scalar)),
                }
            }
        }
        Event::MappingStart(..) => {
            let mut entries = Map::new();
            loop {
                match next() {
                    Event::MappingEnd => return Json::Object(entries),
                    Event::Scalar(key, ..) => {
                        let event = next();
                        entries.insert(key.into_owned(), value(event, next, scalar));
                    }
                    other => panic!("a key is a scalar, not {other:?}"),
                }
            }
        }
        other => panic!("unexpected {other:?}"),
    }
}
