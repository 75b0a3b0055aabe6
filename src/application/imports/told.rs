//! What is told of an import while it is worked out.

use rustc_hash::FxHashSet;

use crate::interchange::{Place, Problem, ProblemKind};

/// Problems in the order in which they arose: the first ones, and how many there are.
///
/// Which rows are open is noted of all of them.
#[derive(Debug, Default)]
pub(super) struct Told {
    listed: Vec<Problem>,
    most: usize,
    more: usize,
    open_rows: FxHashSet<RowKey>,
}

/// The file and sheet of a row, and its number.
pub(super) type RowKey = (String, u32);

/// The row that a place is in.
pub(super) fn row_of(place: &Place) -> Option<RowKey> {
    Some((place.file.to_string() + place.sheet.as_deref().unwrap_or(""), place.row?))
}

impl Told {
    /// Lists so many at most.
    pub fn at_most(most: usize) -> Self {
        Self { most, ..Self::default() }
    }

    /// Tells a problem.
    pub fn push(&mut self, problem: Problem) {
        if problem.kind >= ProblemKind::Question {
            self.open_rows.extend(row_of(&problem.place));
        }
        if self.listed.len() < self.most {
            self.listed.push(problem);
        } else {
            self.more += 1;
        }
    }

    /// The rows of which something is open; they are given once.
    pub fn take_open_rows(&mut self) -> FxHashSet<RowKey> {
        std::mem::take(&mut self.open_rows)
    }

    /// Those that are listed, and how many are not.
    pub fn into_parts(self) -> (Vec<Problem>, usize) {
        (self.listed, self.more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interchange::problem::Said;

    #[test]
    fn the_rows_of_what_is_not_listed_are_noted_all_the_same() {
        let mut told = Told::at_most(2);
        for row in 1..=5 {
            let kind = if row == 2 { ProblemKind::Assumed } else { ProblemKind::Question };
            told.push(Problem::new(kind, "code", Place::row("a.csv", None, row), "", Said::default()));
        }
        let mut rows: Vec<u32> = told.take_open_rows().into_iter().map(|(_, row)| row).collect();
        rows.sort_unstable();
        assert_eq!(rows, [1, 3, 4, 5]);
        let (listed, more) = told.into_parts();
        assert_eq!((listed.len(), more), (2, 3));
    }
}
