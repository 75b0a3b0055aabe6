//! 工程表: projects and the systems that they change along a scale of months, quarters or years.

use jiff::civil::Date;

use super::Options;
use super::canvas::{Canvas, LABEL_WIDTH, NAME_WIDTH};
use super::error::DiagramError;
use super::lookup;
use super::paint::{self, Paint};
use super::scene::{Border, Chart, ChartCell, ChartColumn, ChartRow, Reading, Sample, Scene};
use super::text::{clip, wrap};
use crate::analyses::structure::{Timeline, TimelineBar};
use crate::graph::View;

/// A request for a schedule.
#[derive(Debug, Clone)]
pub struct SchedulePicture {
    /// What stands above it.
    pub title: String,
    /// The bars.
    pub timeline: Timeline,
    /// What stands below it.
    pub notes: Vec<String>,
    /// How many bars are drawn at most; the rest is counted in a note. 10 to 500.
    pub most_rows: usize,
}

/// The most columns that a page shows in readable size.
const MOST_COLUMNS: i32 = 40;

/// When a project changes a system alone.
const ALONE: Paint = Paint { fill: "#7CC0EA", line: "#0060A0", text: "#1A1A1A" };
/// When another one changes it too.
const SHARED: Paint = Paint { fill: "#A8500F", line: "#5A2600", text: "#FFFFFF" };

/// The scale: columns of so many months each, from the first month on, counted from the year 0.
#[derive(Debug, Clone, Copy)]
struct Scale {
    first: i32,
    months: i32,
    columns: i32,
}

/// Draws a schedule.
pub fn draw(view: &View, request: &SchedulePicture, options: &Options) -> Result<Scene, DiagramError> {
    lookup::within("most_rows", request.most_rows, 10, 500)?;
    let mut canvas = Canvas::new(view, options, &request.title, Reading::LeftToRight);
    let bars = &request.timeline.bars[..request.timeline.bars.len().min(request.most_rows)];
    let scale = Scale::over(bars, view.date());
    let rows = bars.iter().enumerate().map(|(place, bar)| row(&canvas, bars, place, bar, scale)).collect();
    let headings = [canvas.words("プロジェクト", "Project"), canvas.words("システム", "System")];
    canvas.scene.chart = Some(Chart { headings, eras: scale.eras(&canvas), columns: scale.labels(view.date()), rows });
    explain(&mut canvas, request, bars, scale);
    Ok(canvas.finish())
}

fn month(day: Date) -> i32 {
    i32::from(day.year()) * 12 + i32::from(day.month()) - 1
}

/// The first month of the fiscal year that a month is in.
fn fiscal_start(month: i32) -> i32 {
    (month - 3).div_euclid(12) * 12 + 3
}

impl Scale {
    /// The finest scale on which the bars and today fit: months, quarters or fiscal years.
    fn over(bars: &[TimelineBar], today: Date) -> Self {
        let days = || bars.iter().flat_map(|bar| [bar.start, bar.go_live]).flatten().chain([today]);
        let (first, last) =
            days().map(month).fold((i32::MAX, i32::MIN), |(low, high), month| (low.min(month), high.max(month)));
        for months in [1, 3, 12] {
            let start = fiscal_start(first) + (first - fiscal_start(first)) / months * months;
            let columns = (last - start) / months + 1;
            if columns <= MOST_COLUMNS || months == 12 {
                return Self { first: start, months, columns: columns.min(MOST_COLUMNS) };
            }
        }
        Self { first, months: 12, columns: 1 }
    }

    fn start_of(self, column: i32) -> i32 {
        self.first + column * self.months
    }

    /// Whether something from one day to another lies in a column.
    fn holds(self, column: i32, from: Date, to: Date) -> bool {
        month(from) < self.start_of(column + 1) && self.start_of(column) <= month(to)
    }

    /// The fiscal years above the columns, with how many columns each has.
    fn eras(self, canvas: &Canvas<'_>) -> Vec<(String, usize)> {
        let mut eras: Vec<(i32, usize)> = Vec::new();
        for column in 0..self.columns {
            let year = fiscal_start(self.start_of(column)).div_euclid(12);
            match eras.last_mut() {
                Some((held, count)) if *held == year => *count += 1,
                _ => eras.push((year, 1)),
            }
        }
        let label = |year: i32| if canvas.english() { format!("FY{year}") } else { fiscal_year(year) };
        eras.into_iter().map(|(year, count)| (label(year), count)).collect()
    }

    fn labels(self, today: Date) -> Vec<ChartColumn> {
        let label = |column: i32| {
            let first = self.start_of(column).rem_euclid(12) + 1;
            match self.months {
                1 => first.to_string(),
                3 => format!("{first}–{}", first + 2),
                _ => String::new(),
            }
        };
        let columns = 0..self.columns;
        columns.map(|column| ChartColumn { label: label(column), is_now: self.holds(column, today, today) }).collect()
    }

    /// The day behind the last column.
    fn end(self) -> i32 {
        self.start_of(self.columns)
    }
}

/// A fiscal year by era where one is known.
fn fiscal_year(year: i32) -> String {
    match year - 2018 {
        era @ 1.. => format!("令和{}年度", if era == 1 { "元".to_owned() } else { era.to_string() }),
        _ => format!("{year}年度"),
    }
}

fn row(canvas: &Canvas<'_>, bars: &[TimelineBar], place: usize, bar: &TimelineBar, scale: Scale) -> ChartRow {
    let begins = place == 0 || bars[place - 1].project != bar.project;
    let rows = bars[place..].iter().take_while(|other| other.project == bar.project).count();
    let heading = begins.then(|| (wrap(&canvas.name_of(&bar.project), NAME_WIDTH, 4), rows));
    let day = |day: Option<Date>| day.map_or("?".to_owned(), |day| day.to_string());
    let mut facts = vec![format!("{} – {}", day(bar.start), day(bar.go_live))];
    let role = bar.role.get(canvas.language());
    if !role.is_empty() {
        facts.insert(0, clip(role, LABEL_WIDTH));
    }
    if let Some(end) = bar.contract_end {
        facts.push(format!("▲ {end}"));
    }
    let cells = (0..scale.columns).map(|column| cell(bar, column, scale)).collect();
    ChartRow { heading, name: wrap(&canvas.name_of(&bar.system), NAME_WIDTH, 3), facts, cells }
}

fn cell(bar: &TimelineBar, column: i32, scale: Scale) -> ChartCell {
    let holds = |(from, to): (Date, Date)| scale.holds(column, from, to);
    let paint = match bar.start.zip(bar.go_live) {
        Some(_) if bar.overlaps.iter().copied().any(holds) => Some(SHARED),
        Some(period) if holds(period) => Some(ALONE),
        _ => None,
    };
    let is_here = |day: Option<Date>| day.is_some_and(|day| holds((day, day)));
    let mut mark = String::new();
    if is_here(bar.go_live) {
        mark.push('◆');
    }
    if is_here(bar.contract_end) {
        mark.push('▲');
    }
    ChartCell { paint, mark }
}

fn explain(canvas: &mut Canvas<'_>, request: &SchedulePicture, bars: &[TimelineBar], scale: Scale) {
    let boxed = |paint| Sample::Box { paint, border: Border::Plain };
    let text = canvas.words("プロジェクトの期間", "the project runs");
    canvas.explain(boxed(ALONE), text);
    if bars.iter().any(|bar| !bar.overlaps.is_empty()) {
        let text =
            canvas.words("同じシステムに別のプロジェクトも手を入れる時期", "another project changes the system too");
        canvas.explain(boxed(SHARED), text);
    }
    let text = canvas.words("◆ 稼働　▲ 今の契約の終わり", "◆ go-live, ▲ present contract ends");
    canvas.explain(boxed(paint::NEUTRAL), text);
    let text = canvas
        .words("色付きの見出しは基準日を含む列である", "The coloured heading is the column of the date asked for");
    canvas.note(text);
    let left = request.timeline.bars.len() - bars.len();
    if left > 0 {
        let text = canvas.words("描いていない行", "rows not drawn");
        canvas.note(format!("{text}: {left}"));
    }
    let beyond = bars.iter().filter(|bar| bar.go_live.is_some_and(|day| month(day) >= scale.end())).count();
    if beyond > 0 {
        let text = canvas.words("表の後まで続く行", "rows that go on behind the chart");
        canvas.note(format!("{text}: {beyond}"));
    }
    let undated = bars.iter().filter(|bar| bar.start.is_none() || bar.go_live.is_none()).count();
    if undated > 0 {
        let text = canvas.words(
            "開始日又は稼働日が不明で、帯を描けない行",
            "rows without a bar, as a start or go-live is not known",
        );
        canvas.note(format!("{text}: {undated}"));
    }
    for note in request.notes.iter().filter(|note| !note.is_empty()) {
        canvas.note(clip(note, 400));
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::Localized;

    fn bar(start: Date, go_live: Date) -> TimelineBar {
        TimelineBar {
            project: "prj-a".into(),
            system: "sys-a".into(),
            role: Localized::default(),
            start: Some(start),
            go_live: Some(go_live),
            contract_end: Some(date(2027, 3, 31)),
            overlaps: vec![(date(2026, 6, 15), date(2026, 7, 1))],
        }
    }

    #[test]
    fn months_are_drawn_while_they_fit() {
        let bar = bar(date(2026, 5, 20), date(2026, 9, 30));
        let scale = Scale::over(std::slice::from_ref(&bar), date(2026, 4, 1));
        assert_eq!((scale.first, scale.months, scale.columns), (2026 * 12 + 3, 1, 6));
        let drawn: Vec<(Option<Paint>, String)> =
            (0..6).map(|column| cell(&bar, column, scale)).map(|cell| (cell.paint, cell.mark)).collect();
        let plain = |paint| (paint, String::new());
        let expected = [
            plain(None),
            plain(Some(ALONE)),
            plain(Some(SHARED)),
            plain(Some(SHARED)),
            plain(Some(ALONE)),
            (Some(ALONE), "◆".to_owned()),
        ];
        assert_eq!(drawn, expected);
    }

    #[test]
    fn longer_times_are_drawn_in_quarters_and_fiscal_years() {
        // February 2026 is in the quarter that begins in January, and in the fiscal year 2025.
        let quarters = Scale::over(&[bar(date(2026, 2, 1), date(2030, 3, 31))], date(2026, 11, 1));
        assert_eq!((quarters.first, quarters.months, quarters.columns), (2026 * 12, 3, 17));
        let years = Scale::over(&[bar(date(2026, 2, 1), date(2050, 3, 31))], date(2026, 11, 1));
        assert_eq!((years.first, years.months, years.columns), (2025 * 12 + 3, 12, 25));
        let beyond = Scale::over(&[bar(date(1900, 2, 1), date(2050, 3, 31))], date(2026, 11, 1));
        assert_eq!(beyond.columns, MOST_COLUMNS);
    }

    #[test]
    fn fiscal_years_are_named_by_era() {
        assert_eq!(fiscal_year(2026), "令和8年度");
        assert_eq!(fiscal_year(2019), "令和元年度");
        assert_eq!(fiscal_year(2018), "2018年度");
    }
}
