//! Places of bends: absolute in the exchange format, relative to the middles of both ends in Archi's.

use rustc_hash::FxHashMap;

use super::view::{Drawing, Point};

/// Where the boxes and lines of a view have their middle.
pub(super) struct Geometry {
    middles: FxHashMap<String, Point>,
}

/// The middles of a line's ends.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ends {
    source: Point,
    target: Point,
}

impl Geometry {
    /// The middles of a view; that of a line lies half-way between those of its ends.
    pub(super) fn of(drawing: &Drawing) -> Self {
        let nodes = drawing.all_nodes().into_iter();
        let mut middles: FxHashMap<String, Point> = nodes.map(|node| (node.id.clone(), node.bounds.centre())).collect();
        let mut waiting: Vec<_> = drawing.connections.iter().collect();
        loop {
            let before = waiting.len();
            waiting.retain(|line| match (middles.get(&line.source), middles.get(&line.target)) {
                (Some(source), Some(target)) => {
                    let middle = Point { x: i64::midpoint(source.x, target.x), y: i64::midpoint(source.y, target.y) };
                    middles.insert(line.id.clone(), middle);
                    false
                }
                _ => true,
            });
            if waiting.len() == before {
                return Self { middles };
            }
        }
    }

    /// The middles of two ends; the corner of the view for one that is not there.
    pub(super) fn ends(&self, source: &str, target: &str) -> Ends {
        let middle = |id: &str| self.middles.get(id).copied().unwrap_or_default();
        Ends { source: middle(source), target: middle(target) }
    }
}

impl Ends {
    /// Where Archi draws the bend `index` of `count`: the more to the target, the nearer to the end of the line.
    pub(super) fn place(self, [start_x, start_y, end_x, end_y]: [i64; 4], index: usize, count: usize) -> Point {
        let weigh = |start: i64, end: i64| {
            let number = |count: usize| i64::try_from(count).unwrap_or(i64::from(i32::MAX)) + 1;
            let (index, count) = (number(index), number(count));
            ((count - index) * start + index * end) / count
        };
        Point {
            x: weigh(self.source.x + start_x, self.target.x + end_x),
            y: weigh(self.source.y + start_y, self.target.y + end_y),
        }
    }

    /// What Archi writes for a bend.
    pub(super) fn relative(self, point: Point) -> [i64; 4] {
        [point.x - self.source.x, point.y - self.source.y, point.x - self.target.x, point.y - self.target.y]
    }
}
