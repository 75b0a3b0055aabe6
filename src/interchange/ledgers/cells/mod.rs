//! What people write in cells: days, numbers, words.

pub mod dates;
pub mod lists;
pub mod numbers;
pub mod spelling;
