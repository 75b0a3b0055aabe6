//! A scene in Graphviz's DOT language. The same scene gives the same bytes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::escape::{html, quoted, quoted_address};
use super::language::pick;
use super::ordering::backward;
use super::paint::Paint;
use super::scene::{Arrow, Border, Figure, Group, LegendEntry, Reading, Sample, Scene, Shape, Stroke};

/// Fonts that hold Japanese on Linux and Windows, the first that is installed counts.
const FONTS: &str = "Noto Sans CJK JP,BIZ UDGothic,Meiryo,sans-serif";

/// The colour of ordinary lines.
const LINE: &str = "#4A4A4A";

/// The colour of lines that deserve a look.
const STRONG: &str = "#B3420A";

/// The colour of what flows.
const FLOW: &str = "#1B5E9E";

/// The columns of the legend.
const LEGEND_COLUMNS: usize = 4;

impl Scene {
    /// The picture as DOT text, UTF-8.
    pub fn to_dot(&self) -> String {
        let mut out = String::with_capacity(4096);
        out.push_str("digraph ezu {\n");
        self.write_defaults(&mut out);
        self.write_groups(&mut out, None);
        self.write_members(&mut out, None);
        if let Some(chart) = &self.chart {
            super::chart::write(&mut out, chart);
        }
        out.push_str("  }\n");
        let backward = backward(&self.arrows);
        for (place, arrow) in self.arrows.iter().enumerate() {
            if self.labels_are_figures() && !arrow.label.is_empty() {
                write_parted_arrow(&mut out, place, arrow, backward[place]);
            } else {
                write_arrow(&mut out, arrow);
            }
        }
        out.push_str("}\n");
        out
    }

    /// The legend is the label of the whole, at the bottom; the title that of a frame inside, at the top.
    fn write_defaults(&self, out: &mut String) {
        let direction = match self.reading {
            Reading::LeftToRight => "LR",
            Reading::TopToBottom => "TB",
        };
        let font = quoted(FONTS);
        let _ = writeln!(
            out,
            "  graph [charset=\"UTF-8\", rankdir={direction}, newrank=true, compound=true, outputorder=edgesfirst, \
             bgcolor=\"white\", pad=0.3, nodesep=0.22, ranksep=\"0.55\", fontname={font}, fontsize=11, \
             labelloc=b, labeljust=l, tooltip=\" \", label=<{}>];",
            self.footer()
        );
        let _ = writeln!(out, "  node [fontname={font}, fontsize=11, margin=\"0.12,0.07\", height=0.35, width=0.9];");
        let _ = writeln!(
            out,
            "  edge [fontname={font}, fontsize=9, color=\"{LINE}\", fontcolor=\"#333333\", arrowsize=0.7];"
        );
        let _ = writeln!(
            out,
            "  subgraph cluster_page {{\n  graph [labelloc=t, labeljust=l, penwidth=0, margin=14, tooltip=\" \", label=<{}>];",
            self.header()
        );
    }

    fn header(&self) -> String {
        format!(
            "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"2\">\
             <TR><TD ALIGN=\"LEFT\"><FONT POINT-SIZE=\"20\"><B>{}</B></FONT></TD></TR>\
             <TR><TD ALIGN=\"LEFT\"><FONT POINT-SIZE=\"11\" COLOR=\"#444444\">{}</FONT></TD></TR></TABLE>",
            text_or_space(&self.title),
            text_or_space(&self.subtitle)
        )
    }

    fn footer(&self) -> String {
        let legend = pick(&self.language, "凡例", "Legend");
        let notes = pick(&self.language, "注記", "Notes");
        let mut table =
            String::from("<TABLE BORDER=\"1\" COLOR=\"#999999\" CELLBORDER=\"0\" CELLSPACING=\"3\" CELLPADDING=\"3\">");
        let columns = LEGEND_COLUMNS * 2;
        let heading = |table: &mut String, text: &str| {
            let _ = write!(table, "<TR><TD ALIGN=\"LEFT\" COLSPAN=\"{columns}\"><B>{}</B></TD></TR>", html(text));
        };
        heading(&mut table, legend);
        for row in self.legend.chunks(LEGEND_COLUMNS) {
            table.push_str("<TR>");
            for entry in row {
                write_legend_entry(&mut table, entry);
            }
            for _ in row.len()..LEGEND_COLUMNS {
                table.push_str("<TD> </TD><TD> </TD>");
            }
            table.push_str("</TR>");
        }
        if !self.notes.is_empty() {
            heading(&mut table, notes);
        }
        for line in self.notes.iter().flat_map(|note| super::text::wrap(&format!("・{note}"), 110, 12)) {
            let _ = write!(
                table,
                "<TR><TD ALIGN=\"LEFT\" COLSPAN=\"{columns}\"><FONT POINT-SIZE=\"10\">{}</FONT></TD></TR>",
                html(&line)
            );
        }
        table + "</TABLE>"
    }

    fn write_groups(&self, out: &mut String, within: Option<usize>) {
        for (place, group) in self.groups.iter().enumerate().filter(|(_, group)| group.within == within) {
            write_group_head(out, place, group);
            if group.in_one_row {
                out.push_str("  { rank=same;\n");
            }
            self.write_members(out, Some(place));
            if group.in_one_row {
                out.push_str("  }\n");
            }
            self.write_groups(out, Some(place));
            out.push_str("  }\n");
        }
    }

    /// The figures of a frame, or those of none, and the labels that lie among them.
    fn write_members(&self, out: &mut String, group: Option<usize>) {
        for figure in self.figures.iter().filter(|figure| figure.group == group) {
            write_figure(out, figure);
        }
        if !self.labels_are_figures() {
            return;
        }
        let groups: BTreeMap<&str, Option<usize>> =
            self.figures.iter().map(|figure| (figure.id.as_str(), figure.group)).collect();
        let of = |id: &str| groups.get(id).copied().flatten();
        for (place, arrow) in self.arrows.iter().enumerate() {
            let shared = of(&arrow.source).filter(|source| of(&arrow.target) == Some(*source));
            if shared == group && !arrow.label.is_empty() {
                write_label(out, place, arrow);
            }
        }
    }

    /// Whether labels are laid out as small figures on their arrows: between frames, Graphviz
    /// puts the labels of arrows on top of each other.
    fn labels_are_figures(&self) -> bool {
        self.reading == Reading::LeftToRight && !self.groups.is_empty()
    }
}

fn text_or_space(text: &str) -> String {
    if text.trim().is_empty() { " ".to_owned() } else { html(text) }
}

fn write_legend_entry(table: &mut String, entry: &LegendEntry) {
    match entry.sample {
        Sample::Box { paint, border } => {
            let style = match border {
                Border::Plain | Border::Thick => "",
                Border::Dashed | Border::ThickDashed => " STYLE=\"DASHED\"",
                Border::Dotted => " STYLE=\"DOTTED\"",
            };
            let width = if matches!(border, Border::Thick | Border::ThickDashed) { 3 } else { 1 };
            let _ = write!(
                table,
                "<TD><TABLE BORDER=\"{width}\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"0\" COLOR=\"{}\" BGCOLOR=\"{}\"{style}>\
                 <TR><TD WIDTH=\"26\" HEIGHT=\"13\"></TD></TR></TABLE></TD>",
                paint.line, paint.fill
            );
        }
        Sample::Line(stroke) => {
            let (glyphs, colour) = match stroke {
                Stroke::Solid => ("──▶", LINE),
                Stroke::Flow => ("━━▶", FLOW),
                Stroke::Strong => ("━━▶", STRONG),
                Stroke::Dashed => ("─ ─▶", LINE),
                Stroke::StrongDashed => ("━ ━▶", STRONG),
                Stroke::Dotted => ("・・・▶", LINE),
                Stroke::Invisible => (" ", LINE),
            };
            let _ = write!(table, "<TD><FONT COLOR=\"{colour}\">{glyphs}</FONT></TD>");
        }
    }
    let _ = write!(table, "<TD ALIGN=\"LEFT\"><FONT POINT-SIZE=\"10\">{}</FONT></TD>", text_or_space(&entry.text));
}

fn write_group_head(out: &mut String, place: usize, group: &Group) {
    let (style, width) = border_style(group.border);
    let _ = writeln!(
        out,
        "  subgraph cluster_{place} {{\n  graph [id={}, label=<<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLPADDING=\"4\"><TR><TD><B>{}</B></TD></TR></TABLE>>, labelloc=t, labeljust=l, fontsize=13, style=\"filled,{style}\", \
         fillcolor=\"{}\", color=\"{}\", fontcolor=\"{}\", penwidth={width}, margin=12, tooltip={}];",
        quoted(&format!("group-{}", group.id)),
        text_or_space(&group.title),
        group.paint.fill,
        group.paint.line,
        group.paint.text,
        quoted(&group.title)
    );
}

fn border_style(border: Border) -> (&'static str, &'static str) {
    match border {
        Border::Plain => ("solid", "1.1"),
        Border::Thick => ("solid", "2.6"),
        Border::Dashed => ("dashed", "1.3"),
        Border::Dotted => ("dotted", "1.6"),
        Border::ThickDashed => ("dashed", "2.6"),
    }
}

fn shape_attributes(shape: Shape) -> (&'static str, &'static str) {
    match shape {
        Shape::Rectangle | Shape::Pile => ("box", ""),
        Shape::Rounded => ("box", ",rounded"),
        Shape::Component => ("component", ""),
        Shape::Block => ("box3d", ""),
        Shape::Sheet => ("note", ""),
        Shape::Octagon => ("box", ",diagonals"),
        Shape::Folder => ("tab", ""),
        Shape::Pointer => ("cds", ""),
    }
}

fn write_figure(out: &mut String, figure: &Figure) {
    let (shape, extra) = shape_attributes(figure.shape);
    let (style, width) = border_style(figure.border);
    let Paint { fill, line, text } = figure.paint;
    let _ = write!(
        out,
        "  {} [id={}, shape={shape}, style=\"filled,{style}{extra}\", fillcolor=\"{fill}\", color=\"{line}\", \
         fontcolor=\"{text}\", penwidth={width}, label=<{}>, tooltip={}",
        quoted(&figure.id),
        quoted(&format!("figure-{}", figure.id)),
        figure_label(figure),
        quoted(&figure.tooltip)
    );
    if figure.shape == Shape::Pile {
        out.push_str(", peripheries=2");
    }
    if let Some(url) = &figure.url {
        let _ = write!(out, ", URL={}", quoted_address(url));
    }
    out.push_str("];\n");
}

fn figure_label(figure: &Figure) -> String {
    let mut lines: Vec<String> = Vec::new();
    if !figure.heading.trim().is_empty() {
        lines.push(format!("<FONT POINT-SIZE=\"8\">{}</FONT>", html(&figure.heading)));
    }
    lines.extend(drawn(&figure.name).map(|line| format!("<B>{}</B>", html(line))));
    lines.extend(drawn(&figure.facts).map(|line| format!("<FONT POINT-SIZE=\"8.5\">{}</FONT>", html(line))));
    if lines.is_empty() { " ".to_owned() } else { lines.join("<BR/>") }
}

/// Graphviz refuses markup around nothing.
fn drawn(lines: &[String]) -> impl Iterator<Item = &String> {
    lines.iter().filter(|line| !line.trim().is_empty())
}

/// The name of an arrow's label; no identifier holds a space.
fn label_id(place: usize) -> String {
    quoted(&format!("label {place}"))
}

fn label_text(arrow: &Arrow) -> String {
    drawn(&arrow.label).map(|line| html(line)).collect::<Vec<_>>().join("<BR/>")
}

fn write_label(out: &mut String, place: usize, arrow: &Arrow) {
    let _ = writeln!(
        out,
        "  {} [shape=plain, width=0, height=0, margin=0, fontsize=9, fontcolor=\"#333333\", label=<{}>, tooltip={}];",
        label_id(place),
        label_text(arrow),
        quoted(&arrow.tooltip)
    );
}

/// An arrow in two parts with its label between them. One that runs backwards is laid out from its
/// head to its tail, else the two parts would make a loop.
fn write_parted_arrow(out: &mut String, place: usize, arrow: &Arrow, backward: bool) {
    let (label, style, tooltip) = (label_id(place), stroke_attributes(arrow.stroke), quoted(&arrow.tooltip));
    let (source, target) = (quoted(&arrow.source), quoted(&arrow.target));
    if backward {
        let _ = writeln!(out, "  {target} -> {label}:w [{style}, dir=back, tooltip={tooltip}];");
        let _ = writeln!(out, "  {label}:e -> {source} [{style}, dir=none, tooltip={tooltip}];");
    } else {
        let _ = writeln!(out, "  {source} -> {label}:w [{style}, dir=none, tooltip={tooltip}];");
        let _ = writeln!(out, "  {label}:e -> {target} [{style}, tooltip={tooltip}];");
    }
}

fn write_arrow(out: &mut String, arrow: &Arrow) {
    let _ =
        write!(out, "  {} -> {} [{}", quoted(&arrow.source), quoted(&arrow.target), stroke_attributes(arrow.stroke));
    let label = label_text(arrow);
    if !label.is_empty() {
        let _ = write!(out, ", label=<{label}>");
    }
    let tooltip = quoted(&arrow.tooltip);
    let _ = writeln!(out, ", tooltip={tooltip}, labeltooltip={tooltip}];");
}

fn stroke_attributes(stroke: Stroke) -> String {
    let (style, width, colour) = match stroke {
        Stroke::Solid => ("solid", "1", LINE),
        Stroke::Dashed => ("dashed", "1", LINE),
        Stroke::Dotted => ("dotted", "1", LINE),
        Stroke::Flow => ("solid", "2", FLOW),
        Stroke::Strong => ("solid", "2", STRONG),
        Stroke::StrongDashed => ("dashed", "2", STRONG),
        Stroke::Invisible => ("invis", "1", LINE),
    };
    format!("style={style}, penwidth={width}, color=\"{colour}\"")
}
