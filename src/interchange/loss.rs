//! What a target format cannot carry.

use serde::Serialize;

use crate::interchange::problem::Said;

/// One thing that an export leaves out or changes, and of how many items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// A stable name in `snake_case`.
    pub code: &'static str,
    /// What is lost.
    pub what: Said,
    /// How often.
    pub count: usize,
    /// The identifiers of the first items that it concerns.
    pub items: Vec<String>,
}

/// The most identifiers named for one kind of loss.
const NAMED: usize = 20;

/// Losses counted by what is lost, in the order of their first occurrence.
#[derive(Debug, Default)]
pub struct Losses(Vec<Loss>);

impl Losses {
    /// Notes that something of an item is lost.
    pub fn add(&mut self, code: &'static str, item: &str, ja: &str, en: &str) {
        let place = self.0.iter().position(|loss| loss.code == code).unwrap_or_else(|| {
            self.0.push(Loss { code, what: Said::new(ja, en), count: 0, items: Vec::new() });
            self.0.len() - 1
        });
        let loss = &mut self.0[place];
        loss.count += 1;
        if loss.items.len() < NAMED {
            loss.items.push(item.to_owned());
        }
    }

    /// The list.
    pub fn into_list(self) -> Vec<Loss> {
        self.0
    }
}
