//! Where everything of a drawn process is placed: steps from left to right, one column each; lanes below each other;
//! information above, between the steps that pass it on; who needs what system for how long below.

use super::drawn::Drawn;

/// Width and height of a task, in pixels.
pub(super) const TASK: (i64, i64) = (120, 80);
/// The side of an event.
pub(super) const EVENT: i64 = 36;
/// Width and height of a piece of information.
pub(super) const DATA: (i64, i64) = (36, 50);
/// Width and height of the text below it.
pub(super) const DATA_LABEL: (i64, i64) = (96, 28);
/// Width of what is noted below a step, and the height of each of its lines.
const NOTE: (i64, i64) = (156, 17);
/// The width that a piece of information takes between two steps.
const SLOT: i64 = 106;
/// The least distance of two columns.
const GAP: i64 = 90;
/// Where the pool begins.
const LEFT: i64 = 160;
/// The width of the title of a pool, and of that of a lane.
const TITLE: i64 = 30;
/// The distance of a vertical line from the step that it leads to.
const TURN: i64 = 22;

/// A box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) w: i64,
    pub(super) h: i64,
}

impl Place {
    pub(super) fn right(self) -> i64 {
        self.x + self.w
    }

    pub(super) fn bottom(self) -> i64 {
        self.y + self.h
    }

    pub(super) fn middle(self) -> (i64, i64) {
        (self.x + self.w / 2, self.y + self.h / 2)
    }
}

/// A piece of information between two steps.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shape {
    /// What it is called.
    pub(super) name: String,
    pub(super) place: Place,
    /// The step that gives it.
    pub(super) from: Option<usize>,
    /// The step that takes it.
    pub(super) to: Option<usize>,
    /// Its place in its row, and how many there are.
    slot: (i64, i64),
}

/// Where everything is.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) pool: Place,
    pub(super) lanes: Vec<Place>,
    pub(super) start: Place,
    pub(super) end: Place,
    pub(super) steps: Vec<Place>,
    pub(super) notes: Vec<Option<(Place, String)>>,
    pub(super) shapes: Vec<Shape>,
}

/// A way, by its corners.
pub(super) type Way = Vec<(i64, i64)>;

/// Places a process below `top`. Takes time linear in what is drawn.
pub(super) fn place(drawn: &Drawn, top: i64) -> Layout {
    let mut shapes = shapes(drawn);
    let notes: Vec<String> = (0..drawn.steps.len()).map(|step| note(drawn, step)).collect();
    let (lanes, baselines) = rows(drawn, &shapes, &notes, top);
    let (columns, end_x) = columns(drawn, &mut shapes);
    let steps: Vec<Place> = drawn
        .steps
        .iter()
        .zip(&columns)
        .map(|(step, x)| Place { x: *x, y: baselines[step.lane], w: TASK.0, h: TASK.1 })
        .collect();
    for shape in &mut shapes {
        let lane = shape.from.or(shape.to).map_or(0, |step| drawn.steps[step].lane);
        shape.place.y = lanes[lane].y + 16;
    }
    let event = |x: i64, step: Option<&Place>| {
        let middle = step.map_or(top, |step| step.middle().1);
        Place { x, y: middle - EVENT / 2, w: EVENT, h: EVENT }
    };
    let width = end_x + EVENT + 50 - LEFT;
    let height = lanes.last().map_or(0, |lane| lane.bottom() - top);
    let lanes = lanes.into_iter().map(|lane| Place { w: width - TITLE, ..lane }).collect();
    let note_at = |(step, text): (&Place, String)| {
        let lines = i64::try_from(text.lines().count()).unwrap_or(1);
        let place = Place { x: step.x + 24, y: step.bottom() + 12, w: NOTE.0, h: lines * NOTE.1 + 6 };
        (!text.is_empty()).then_some((place, text))
    };
    Layout {
        pool: Place { x: LEFT, y: top, w: width, h: height },
        start: event(LEFT + 2 * TITLE + 30, steps.first()),
        end: event(end_x, steps.last()),
        notes: steps.iter().zip(notes).map(note_at).collect(),
        lanes,
        steps,
        shapes,
    }
}

/// What a step gives is what the next one takes, if it goes by the same name.
fn shapes(drawn: &Drawn) -> Vec<Shape> {
    let mut all: Vec<Shape> = Vec::new();
    let shape = |name: &String, from: Option<usize>, to: Option<usize>| Shape {
        name: name.clone(),
        place: Place { x: 0, y: 0, w: DATA.0, h: DATA.1 },
        from,
        to,
        slot: (0, 1),
    };
    for (place, step) in drawn.steps.iter().enumerate() {
        for name in &step.inputs {
            let given = all.iter_mut().rev().take_while(|held| held.from.is_none_or(|from| from + 1 >= place));
            let given = given.into_iter().find(|held| {
                held.name == *name && held.to.is_none() && held.from.is_some_and(|from| from + 1 == place)
            });
            match given {
                Some(held) => held.to = Some(place),
                None => all.push(shape(name, None, Some(place))),
            }
        }
        all.extend(step.outputs.iter().map(|name| shape(name, Some(place), None)));
    }
    all
}

/// System, minutes and medium of a step, on lines.
pub(super) fn note(drawn: &Drawn, step: usize) -> String {
    let step = &drawn.steps[step];
    let minutes = step.minutes.map(|minutes| format!("{minutes}分"));
    let facts: Vec<String> = minutes.into_iter().chain(step.medium.clone()).collect();
    let system = step.system.iter().map(|(_, name)| wrapped(name));
    let lines: Vec<String> = system.chain((!facts.is_empty()).then(|| facts.join("・"))).collect();
    lines.join("\n")
}

/// A name broken into lines that fit below a step.
fn wrapped(name: &str) -> String {
    let mut out = String::new();
    let mut width = 0;
    for character in name.chars() {
        let more = if character.is_ascii() { 1 } else { 2 };
        if width + more > 20 {
            out.push('\n');
            width = 0;
        }
        out.push(character);
        width += more;
    }
    out
}

/// The lanes, and where the steps of each begin.
fn rows(drawn: &Drawn, shapes: &[Shape], notes: &[String], top: i64) -> (Vec<Place>, Vec<i64>) {
    let (mut lanes, mut baselines) = (Vec::new(), Vec::new());
    let mut y = top;
    for lane in 0..drawn.lanes.len() {
        let is_here = |step: usize| drawn.steps[step].lane == lane;
        let has_shapes = shapes.iter().any(|shape| shape.from.or(shape.to).is_some_and(is_here));
        let lines = (0..drawn.steps.len()).filter(|step| is_here(*step)).map(|step| notes[step].lines().count()).max();
        let above = if has_shapes { 16 + DATA.1 + DATA_LABEL.1 + 22 } else { 30 };
        let below = i64::try_from(lines.unwrap_or(0)).unwrap_or(0) * NOTE.1 + 34;
        let height = above + TASK.1 + below;
        lanes.push(Place { x: LEFT + TITLE, y, w: 0, h: height });
        baselines.push(y + above);
        y += height;
    }
    (lanes, baselines)
}

/// The left sides of the steps and of the end, and the places of what stands between them.
fn columns(drawn: &Drawn, shapes: &mut [Shape]) -> (Vec<i64>, i64) {
    let mut x = LEFT + 2 * TITLE + 30 + EVENT;
    let mut columns = Vec::new();
    let mut between: Vec<Vec<usize>> = vec![Vec::new(); drawn.steps.len() + 1];
    for (number, shape) in shapes.iter().enumerate() {
        let gap = shape.from.map_or_else(|| shape.to.unwrap_or(0), |from| from + 1);
        between[gap].push(number);
    }
    for (gap, here) in between.iter().enumerate() {
        let count = i64::try_from(here.len()).unwrap_or(0);
        for (slot, number) in (0..).zip(here) {
            shapes[*number].slot = (slot, count);
            shapes[*number].place.x = x + 8 + slot * SLOT + (SLOT - DATA.0) / 2;
        }
        x += (count * SLOT + 8 + TURN + 12).max(GAP);
        if gap < drawn.steps.len() {
            columns.push(x);
            x += TASK.0;
        }
    }
    (columns, x)
}

impl Layout {
    /// The way from one box of the sequence to the next.
    pub(super) fn flow(from: Place, to: Place) -> Way {
        let (start, end) = ((from.right(), from.middle().1), (to.x, to.middle().1));
        if start.1 == end.1 {
            return vec![start, end];
        }
        let turn = to.x - TURN;
        vec![start, (turn, start.1), (turn, end.1), end]
    }

    /// The way from a step to what it gives.
    pub(super) fn output(&self, step: usize, shape: &Shape) -> Way {
        let task = self.steps[step];
        let x = task.right() - 15;
        let (middle, _) = shape.place.middle();
        if shape.slot.0 == 0 {
            let y = shape.place.middle().1;
            return vec![(x, task.y), (x, y), (shape.place.x, y)];
        }
        let over = shape.place.y - 8;
        vec![(x, task.y), (x, over), (middle, over), (middle, shape.place.y)]
    }

    /// The way from a piece of information to the step that takes it.
    pub(super) fn input(&self, step: usize, shape: &Shape) -> Way {
        let task = self.steps[step];
        let x = task.x + 15;
        let (middle, y) = shape.place.middle();
        let end = if task.y > y { task.y } else { task.bottom() };
        if shape.slot.0 + 1 == shape.slot.1 {
            return vec![(shape.place.right(), y), (x, y), (x, end)];
        }
        let over = shape.place.y - 12;
        vec![(middle, shape.place.y), (middle, over), (x, over), (x, end)]
    }
}
