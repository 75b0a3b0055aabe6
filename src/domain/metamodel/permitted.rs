//! Which relationships `ArchiMate` 3.2 permits between which elements (appendix B).

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{KindId, Metamodel};

/// The matrix: by source and target kind, the letters of the permitted relationships.
#[derive(Debug, Default)]
pub struct PermittedMatrix {
    cells: FxHashMap<(KindId, KindId), FxHashSet<KindId>>,
    /// The row and column that stand for any relationship as an end, if the matrix has one.
    relationship_row: FxHashMap<KindId, FxHashSet<KindId>>,
    relationship_column: FxHashMap<KindId, FxHashSet<KindId>>,
    empty: bool,
}

/// One end of a cell of the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatrixEnd {
    /// An element kind.
    Kind(KindId),
    /// Any relationship.
    Relationship,
}

impl PermittedMatrix {
    /// Reads cells; letters that no relationship kind has were refused before.
    pub fn new(cells: Vec<(MatrixEnd, MatrixEnd, Vec<KindId>)>) -> Self {
        let mut matrix = Self { empty: cells.is_empty(), ..Self::default() };
        for (source, target, kinds) in cells {
            let held = match (source, target) {
                (MatrixEnd::Kind(source), MatrixEnd::Kind(target)) => matrix.cells.entry((source, target)).or_default(),
                (MatrixEnd::Relationship, MatrixEnd::Kind(target)) => {
                    matrix.relationship_row.entry(target).or_default()
                }
                (MatrixEnd::Kind(source), MatrixEnd::Relationship) => {
                    matrix.relationship_column.entry(source).or_default()
                }
                (MatrixEnd::Relationship, MatrixEnd::Relationship) => continue,
            };
            held.extend(kinds);
        }
        matrix
    }

    /// Whether a relationship kind, or one that it specialises, is permitted between two kinds.
    ///
    /// Each end is looked up by the nearest ancestor that the matrix knows. A kind that
    /// reverses `ArchiMate`'s arrow is looked up the other way round. Without a matrix all is permitted.
    pub fn permits(&self, metamodel: &Metamodel, relationship: KindId, source: KindId, target: KindId) -> bool {
        if self.empty {
            return true;
        }
        let kind = metamodel.kind(relationship);
        let reversed = kind.relationship.as_ref().is_some_and(|traits| traits.reversed);
        let (source, target) = if reversed { (target, source) } else { (source, target) };
        let permitted = self.cell(metamodel, source, target);
        permitted.is_some_and(|set| kind.lineage.iter().any(|ancestor| set.contains(ancestor)))
    }

    fn cell(&self, metamodel: &Metamodel, source: KindId, target: KindId) -> Option<&FxHashSet<KindId>> {
        let (from, to) = (metamodel.kind(source), metamodel.kind(target));
        match (from.is_relationship(), to.is_relationship()) {
            (false, false) => from
                .lineage
                .iter()
                .flat_map(|s| to.lineage.iter().map(move |t| (*s, *t)))
                .find_map(|pair| self.cells.get(&pair)),
            (true, false) => to.lineage.iter().find_map(|kind| self.relationship_row.get(kind)),
            (false, true) => from.lineage.iter().find_map(|kind| self.relationship_column.get(kind)),
            (true, true) => None,
        }
    }

    /// The relationship kinds of each cell between element kinds, for showing.
    pub fn cells<'a>(
        &'a self,
        metamodel: &'a Metamodel,
    ) -> impl Iterator<Item = (&'a Arc<str>, &'a Arc<str>, Vec<&'a Arc<str>>)> {
        self.cells.iter().map(|((source, target), kinds)| {
            let mut names: Vec<&Arc<str>> = kinds.iter().map(|kind| &metamodel.kind(*kind).name).collect();
            names.sort();
            (&metamodel.kind(*source).name, &metamodel.kind(*target).name, names)
        })
    }
}
