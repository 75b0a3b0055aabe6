//! What of an answer can be drawn: boxes and lines, without a layout.

use std::collections::BTreeSet;

use crate::domain::Localized;

/// The boxes and lines of an answer, the most telling first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sketch {
    /// The boxes.
    pub boxes: Vec<SketchBox>,
    /// The lines between them.
    pub lines: Vec<SketchLine>,
    /// What the boxes that stand out are; empty where none do.
    pub subjects: Localized,
    /// What the lines that stand out are; empty where none do.
    pub strong: Localized,
    /// How the picture is read.
    pub note: Localized,
}

/// A box: an item, or several that form one block.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SketchBox {
    /// The items, as ids.
    pub ids: Vec<String>,
    /// What several are called.
    pub name: Localized,
    /// The title of the frame that it stands in; none where it is empty.
    pub frame: Localized,
    /// What is written below the name, a line each.
    pub facts: Vec<Localized>,
    /// Whether it stands out.
    pub is_subject: bool,
}

/// A line from one box to another, each by the first id in it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SketchLine {
    /// Where it starts.
    pub from: String,
    /// Where it ends.
    pub to: String,
    /// What is written at it.
    pub label: Localized,
    /// Whether it stands out.
    pub is_strong: bool,
}

impl Sketch {
    /// Adds a box; of an item that has one, only that it is what was asked about.
    pub(super) fn put(&mut self, made: SketchBox) {
        match self.boxes.iter_mut().find(|held| held.ids == made.ids) {
            Some(held) => held.is_subject |= made.is_subject,
            None => self.boxes.push(made),
        }
    }

    /// Adds a line, unless it is there.
    pub(super) fn draw(&mut self, made: SketchLine) {
        if !self.lines.contains(&made) {
            self.lines.push(made);
        }
    }

    /// Leaves out lines that lead to no box.
    pub(super) fn trimmed(mut self) -> Self {
        let known: BTreeSet<&str> = self.boxes.iter().filter_map(|held| held.ids.first()).map(String::as_str).collect();
        self.lines.retain(|line| known.contains(line.from.as_str()) && known.contains(line.to.as_str()));
        self
    }
}
