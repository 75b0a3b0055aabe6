//! ArchiMate.
