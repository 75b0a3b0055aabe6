//! Colours that stay apart for the colour-blind and in grey.

use serde::Serialize;

/// The colours of a figure: fill, line and text, as `#RRGGBB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Paint {
    /// The area.
    pub fill: &'static str,
    /// The line around it.
    pub line: &'static str,
    /// The text on it.
    pub text: &'static str,
}

const fn paint(fill: &'static str, line: &'static str) -> Paint {
    Paint { fill, line, text: "#1A1A1A" }
}

const fn inverse(fill: &'static str, line: &'static str) -> Paint {
    Paint { fill, line, text: "#FFFFFF" }
}

/// White with a grey line: what has no meaning of its own.
pub const NEUTRAL: Paint = paint("#FFFFFF", "#555555");

/// What the picture is about.
pub const SUBJECT: Paint = inverse("#1F2A44", "#000000");

/// Tints for the layers of an architecture, near `ArchiMate`'s customary ones.
const LAYERS: [Paint; 8] = [
    paint("#E4E0F5", "#5B4A9C"),
    paint("#F7E6C4", "#9A6A00"),
    paint("#FFF6B8", "#8A7600"),
    paint("#CFEAF7", "#0072B2"),
    paint("#D3ECC9", "#3D7A2A"),
    paint("#E3E3DA", "#5E5E4E"),
    paint("#FBDCD6", "#A8432E"),
    paint("#EDEDED", "#555555"),
];

/// Effects, the strongest first: the darker, the worse.
const EFFECTS: [Paint; 8] = [
    inverse("#8C2D04", "#4A1500"),
    inverse("#A8500F", "#5A2600"),
    inverse("#6A3D7C", "#3A1A4A"),
    paint("#E69F00", "#8A5A00"),
    paint("#7CC0EA", "#0060A0"),
    paint("#CDB8DA", "#6A3D7C"),
    paint("#FBEA9C", "#8A7600"),
    paint("#E9EEF3", "#56636F"),
];

/// Tints and lines for neighbouring areas such as zones.
const AREAS: [Paint; 8] = [
    paint("#F3F3F3", "#555555"),
    paint("#E8F4E3", "#3D7A2A"),
    paint("#F6E9F2", "#A0447F"),
    paint("#E6F1FA", "#0072B2"),
    paint("#FDEFD9", "#B86E00"),
    paint("#FBF8D8", "#8A7600"),
    paint("#E9E6F7", "#5B4A9C"),
    paint("#E0F3F1", "#00756A"),
];

/// The colours of the layer at a place, counted from 0.
pub const fn layer(place: usize) -> Paint {
    LAYERS[place % LAYERS.len()]
}

/// The colours of the effect at a place from the strongest, counted from 0.
pub const fn effect(place: usize) -> Paint {
    EFFECTS[place % EFFECTS.len()]
}

/// The colours of the area at a place, counted from 0.
pub const fn area(place: usize) -> Paint {
    AREAS[place % AREAS.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, as in WCAG 2.
    fn luminance(colour: &str) -> f64 {
        let channel = |place: usize| {
            let value = f64::from(u8::from_str_radix(&colour[place..place + 2], 16).expect("hexadecimal")) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (a, b) = (luminance(one), luminance(other));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_can_be_read_and_lines_can_be_seen() {
        let all = LAYERS.iter().chain(&EFFECTS).chain(&AREAS).chain([&NEUTRAL, &SUBJECT]);
        for paint in all {
            assert!(contrast(paint.text, paint.fill) >= 4.5, "{paint:?}");
            assert!(contrast(paint.line, "#FFFFFF") >= 3.0, "{paint:?}");
        }
    }

    #[test]
    fn effects_that_meet_in_one_answer_differ_in_grey() {
        // stopped, starved, impaired, affected; and nobody_left, one_left.
        for pair in [[0, 3], [3, 6], [6, 7], [2, 5]] {
            let ratio = contrast(EFFECTS[pair[0]].fill, EFFECTS[pair[1]].fill);
            assert!(ratio >= 1.03, "{pair:?} {ratio}");
        }
        assert!(contrast(EFFECTS[0].fill, EFFECTS[3].fill) > 3.0);
        assert!(contrast(EFFECTS[3].fill, EFFECTS[6].fill) > 1.5);
    }
}
