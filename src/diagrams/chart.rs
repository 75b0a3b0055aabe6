//! A chart in DOT: one node whose label is a table, since a layout of boxes cannot keep a scale.

use std::fmt::Write as _;

use super::escape::html;
use super::scene::{Chart, ChartRow};

/// The width of a cell of the scale in points.
const CELL: usize = 22;

/// Writes a chart as a node.
pub(super) fn write(out: &mut String, chart: &Chart) {
    out.push_str("  \"chart\" [shape=plain, tooltip=\" \", label=<");
    out.push_str("<TABLE BORDER=\"1\" COLOR=\"#999999\" CELLBORDER=\"1\" CELLSPACING=\"0\" CELLPADDING=\"4\">");
    write_scale(out, chart);
    for row in &chart.rows {
        write_row(out, row);
    }
    out.push_str("</TABLE>>];\n");
}

fn write_scale(out: &mut String, chart: &Chart) {
    let heading = |text: &str| format!("<TD ROWSPAN=\"2\" BGCOLOR=\"#EDEDED\"><B>{}</B></TD>", html(text));
    let _ = write!(out, "<TR>{}{}", heading(&chart.headings[0]), heading(&chart.headings[1]));
    for (text, columns) in &chart.eras {
        let _ = write!(out, "<TD COLSPAN=\"{columns}\" BGCOLOR=\"#EDEDED\"><B>{}</B></TD>", html(text));
    }
    out.push_str("</TR><TR>");
    for column in &chart.columns {
        let colour = if column.is_now { "#F7E6C4" } else { "#FFFFFF" };
        let text = if column.label.is_empty() { " ".to_owned() } else { html(&column.label) };
        let _ = write!(out, "<TD WIDTH=\"{CELL}\" BGCOLOR=\"{colour}\"><FONT POINT-SIZE=\"9\">{text}</FONT></TD>");
    }
    out.push_str("</TR>");
}

fn write_row(out: &mut String, row: &ChartRow) {
    out.push_str("<TR>");
    if let Some((lines, rows)) = &row.heading {
        let _ = write!(out, "<TD ROWSPAN=\"{rows}\" ALIGN=\"LEFT\" BALIGN=\"LEFT\"><B>{}</B></TD>", lines_of(lines));
    }
    // A table of its own: lines of different sizes in one cell would overlap.
    out.push_str("<TD ALIGN=\"LEFT\"><TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"1\">");
    let _ = write!(out, "<TR><TD ALIGN=\"LEFT\" BALIGN=\"LEFT\">{}</TD></TR>", lines_of(&row.name));
    if !row.facts.is_empty() {
        let facts = lines_of(&row.facts);
        let _ = write!(
            out,
            "<TR><TD ALIGN=\"LEFT\" BALIGN=\"LEFT\"><FONT POINT-SIZE=\"9\" COLOR=\"#444444\">{facts}</FONT></TD></TR>"
        );
    }
    out.push_str("</TABLE></TD>");
    for cell in &row.cells {
        let fill = cell.paint.map_or("#FFFFFF", |paint| paint.fill);
        let text = cell.paint.map_or("#1A1A1A", |paint| paint.text);
        let mark = if cell.mark.is_empty() { " " } else { &cell.mark };
        let _ = write!(out, "<TD BGCOLOR=\"{fill}\"><FONT COLOR=\"{text}\">{}</FONT></TD>", html(mark));
    }
    out.push_str("</TR>");
}

fn lines_of(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| html(line)).collect();
    if lines.iter().all(String::is_empty) { " ".to_owned() } else { lines.join("<BR/>") }
}
