//! Results as files that people hand on.

mod csv;
mod html;
mod sheet;
mod table;
mod xlsx;

pub use csv::{rows_to_csv, to_csv};
pub use html::{Paper, to_html};
pub use sheet::{answer_to_xlsx, sheet_to_xlsx};
pub use table::{Cell, CellKind, Table, TableColumn};
pub use xlsx::{WorkbookError, tables_to_xlsx, to_xlsx};
