//! How many of each kind a city of a given size has.

/// The fewest elements that make a city.
pub const FEWEST_ELEMENTS: usize = 50;

/// Relationships to each element.
pub const RELATIONSHIPS_PER_ELEMENT: usize = 4;

/// How many elements of each kind; they add up to the size asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quota {
    pub(super) zones: usize,
    pub(super) departments: usize,
    pub(super) persons: usize,
    pub(super) vendors: usize,
    pub(super) infrastructures: usize,
    pub(super) systems: usize,
    pub(super) data_objects: usize,
    pub(super) processes: usize,
}

impl Quota {
    pub(super) fn of(elements: usize) -> Self {
        let share = |percent: usize| (elements * percent / 100).max(1);
        let mut quota = Self {
            zones: if elements < 200 { 2 } else { 6 },
            departments: share(3),
            persons: share(14),
            vendors: share(2),
            infrastructures: share(5),
            systems: share(25),
            data_objects: share(25),
            processes: 0,
        };
        quota.processes = elements.saturating_sub(quota.total());
        quota
    }

    pub(super) fn total(&self) -> usize {
        let Self { zones, departments, persons, vendors, infrastructures, systems, data_objects, processes } = self;
        zones + departments + persons + vendors + infrastructures + systems + data_objects + processes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_is_met_and_every_kind_is_there() {
        for elements in [FEWEST_ELEMENTS, 51, 99, 199, 200, 1_000, 12_345, 1_000_000] {
            let quota = Quota::of(elements);
            assert_eq!(quota.total(), elements);
            assert!(quota.departments > 0 && quota.processes * 5 > elements, "{quota:?}");
        }
    }
}
