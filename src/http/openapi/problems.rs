//! The table of problems as a page.

use std::fmt::Write as _;

use crate::http::problem::catalogue;

/// One row a problem: code, status, titles.
pub fn problems_html() -> String {
    let mut rows = String::new();
    for (name, status, en, ja) in catalogue() {
        // Writing to a string cannot fail.
        let _ = write!(
            rows,
            "<tr id=\"{name}\"><td><code>{name}</code></td><td>{status}</td><td>{ja}</td><td>{en}</td></tr>"
        );
    }
    format!(
        "<!doctype html><html lang=\"ja\"><meta charset=\"utf-8\"><title>ezu: problems</title>\
         <style>body{{font-family:sans-serif;margin:2rem}}td,th{{border:1px solid #888;padding:.3rem .6rem}}\
         table{{border-collapse:collapse}}:target{{background:#ffd}}</style>\
         <h1>問題の一覧 / Problems</h1><table><tr><th>code</th><th>status</th><th>日本語</th><th>English</th></tr>{rows}</table></html>"
    )
}
