//! Results as files that people hand on.

mod csv;
mod table;
mod xlsx;

pub use csv::{rows_to_csv, to_csv};
pub use table::{Cell, CellKind, Table, TableColumn};
pub use xlsx::{WorkbookError, tables_to_xlsx, to_xlsx};
