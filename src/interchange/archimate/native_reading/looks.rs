//! How things look in Archi's format, in the terms of the document; what these cannot express is kept as written.

use super::super::document::Extra;
use super::super::view::{Colour, Font, Style};
use super::concepts::raw;
use crate::interchange::xml::XmlElement;

/// Takes colours, letters and line widths out of an element.
pub(super) fn take_style(tree: &mut XmlElement, extra: &mut Extra) -> Style {
    let mut style = Style {
        line_color: colour(tree, "lineColor", extra),
        fill_color: colour(tree, "fillColor", extra),
        line_width: tree.take("lineWidth").and_then(|width| width.parse().ok()),
        font: font(tree, extra),
    };
    if let Some(alpha) = tree.take("alpha") {
        let opaque = percent(&alpha);
        match (&mut style.fill_color, opaque) {
            (Some(colour), Some(opaque)) => colour.a = Some(opaque),
            _ => extra.make().native.push(raw("alpha", alpha.clone())),
        }
        if style.fill_color.is_some() && opaque.map(alpha_of).as_deref() != Some(alpha.as_str()) {
            extra.make().native.push(raw("alpha", alpha));
        }
    }
    style
}

/// Archi's 0 to 255 as the exchange format's 0 to 100.
fn percent(alpha: &str) -> Option<u8> {
    let alpha = alpha.parse::<u32>().ok().filter(|alpha| *alpha <= 255)?;
    u8::try_from((alpha * 100 + 127) / 255).ok()
}

/// The exchange format's 0 to 100 as Archi's 0 to 255.
pub(in super::super) fn alpha_of(percent: u8) -> String {
    ((u32::from(percent.min(100)) * 255 + 50) / 100).to_string()
}

fn colour(tree: &mut XmlElement, name: &str, extra: &mut Extra) -> Option<Colour> {
    let written = tree.take(name)?;
    let colour = Colour::from_hex(&written);
    if colour.map(Colour::hex).as_deref() != Some(written.as_str()) {
        extra.make().native.push(raw(name, written));
    }
    colour
}

fn font(tree: &mut XmlElement, extra: &mut Extra) -> Option<Font> {
    let color = colour(tree, "fontColor", extra);
    let written = tree.take("font");
    let font = written.as_deref().and_then(parse_font);
    if let Some(written) = written
        && font.as_ref().and_then(compose_font).as_deref() != Some(written.as_str())
    {
        extra.make().native.push(raw("font", written));
    }
    match (font, color) {
        (Some(font), color) => Some(Font { color, ..font }),
        (None, Some(color)) => Some(Font { color: Some(color), ..Font::default() }),
        (None, None) => None,
    }
}

/// `1|Segoe UI|9.0|1|…`: version, family, size, and 1 for bold, 2 for italic (SWT's `FontData`).
pub(in super::super) fn parse_font(written: &str) -> Option<Font> {
    let mut parts = written.split('|').skip(1);
    let (name, size) = (parts.next()?, parts.next()?);
    let bits = parts.next()?.parse::<u32>().ok()?;
    let style = match bits & 3 {
        1 => Some("bold"),
        2 => Some("italic"),
        3 => Some("bold italic"),
        _ => None,
    };
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Some(Font { name: text(name), size: text(size), style: style.map(str::to_owned), color: None })
}

/// A font as Archi writes it, as far as all systems agree.
pub(in super::super) fn compose_font(font: &Font) -> Option<String> {
    let name = font.name.as_deref()?;
    let has = |word: &str| font.style.as_deref().is_some_and(|style| style.split_whitespace().any(|held| held == word));
    let bits = u8::from(has("bold")) + 2 * u8::from(has("italic"));
    Some(format!("1|{name}|{}|{bits}|", font.size.as_deref().unwrap_or("9.0")))
}
