//! Small models made up at random: everything that the questions about structure read, often missing, often doubled.

/// Draws numbers from a seed (xorshift).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }

    pub(crate) fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.below(of.len() as u64)).expect("few")]
    }

    /// A field, or nothing in one of three cases.
    pub(crate) fn maybe(&mut self, field: &str) -> String {
        if self.below(3) == 0 { String::new() } else { format!(", {field}") }
    }

    /// Up to so many different ones of `prefix-0` to `prefix-(count - 1)`.
    pub(crate) fn some(&mut self, prefix: &str, count: u64, most: u64) -> Vec<String> {
        let number = self.below(most + 1);
        let mut found: Vec<String> = (0..number).map(|_| format!("{prefix}-{}", self.below(count))).collect();
        found.sort();
        found.dedup();
        found
    }

    fn entries(&mut self, prefix: &str, count: u64, write: impl Fn(&mut Self, &str) -> String) -> String {
        let ids = self.some(prefix, count, 3);
        let written: Vec<String> = ids.iter().map(|id| write(self, id)).collect();
        written.join(", ")
    }
}

const DATES: [&str; 5] = ["2025-03-31", "2026-11-01", "2027-03-31", "2028-11-01", "2031-04-01"];

/// A model as text; the same seed gives the same.
pub(crate) fn made_up(seed: u64) -> String {
    let mut dice = Dice(seed | 1);
    let mut text = String::from("cities: [{id: city-a, name: A, as_of: 2026-11-01}]\n");
    text.push_str("zones: [{id: zone-lgwan, name: L}, {id: zone-internet, name: I}]\n");
    text.push_str("departments: [{id: dept-0, name: A}, {id: dept-1, name: B}]\n");
    text.push_str("vendors: [{id: vnd-0, name: V}, {id: vnd-1, name: W}]\n");
    text.push_str("function_codes: [{id: F-0, name: F}, {id: F-1, name: G}]\n");
    let people = (0..3).map(|number| format!("{{id: per-{number}, code: p{number}, department: dept-0}}"));
    text.push_str(&format!("persons: [{}]\n", people.collect::<Vec<_>>().join(", ")));
    let lists: [(&str, u64, Line); 7] = [
        ("infrastructures", 2, infrastructure),
        ("technologies", 2, technology),
        ("data_objects", 3, data),
        ("systems", 6, system),
        ("business_processes", 4, process),
        ("data_flows", 9, flow),
        ("projects", 4, project),
    ];
    for (list, count, write) in lists {
        text.push_str(&format!("{list}:\n"));
        for number in 0..count {
            text.push_str(&format!("- {{{}}}\n", write(&mut dice, number)));
        }
    }
    text.push_str("decisions: [{id: dec-0, name: D, date: 2026-01-01, status: accepted, review_due: 2027-01-01}]\n");
    text
}

/// Makes a line of a list.
type Line = fn(&mut Dice, u64) -> String;

fn infrastructure(dice: &mut Dice, number: u64) -> String {
    let redundant = dice.pick(&["true", "false"]);
    let (redundant, hours) = (dice.maybe(&format!("redundant: {redundant}")), dice.below(50));
    let (hours, end) = (dice.maybe(&format!("rto_hours: {hours}")), dice.pick(&DATES));
    format!("id: inf-{number}, name: X{number}{redundant}{hours}{}", dice.maybe(&format!("lease_end: {end}")))
}

fn technology(dice: &mut Dice, number: u64) -> String {
    let end = dice.pick(&DATES);
    format!("id: t-{number}, name: T{number}{}", dice.maybe(&format!("end_of_support: {end}")))
}

fn data(dice: &mut Dice, number: u64) -> String {
    format!("id: dat-{number}, name: D{number}, masters: [{}]", dice.some("sys", 6, 2).join(", "))
}

fn system(dice: &mut Dice, number: u64) -> String {
    let mut fields = format!("id: sys-{number}, name: S{number}");
    let (redundant, hours) = (dice.pick(&["true", "false"]), dice.below(50));
    for field in [
        format!("owner_department: dept-{}", dice.below(2)),
        format!("vendor: vnd-{}", dice.below(2)),
        format!("annual_cost_kyen: {}", dice.below(500)),
        format!("contract_end: {}", dice.pick(&DATES)),
        format!("function_codes: [{}]", dice.some("F", 2, 2).join(", ")),
        format!("known_by: [{}]", dice.some("per", 3, 3).join(", ")),
        format!("availability: {{rto_hours: {hours}, redundant: {redundant}}}"),
    ] {
        fields.push_str(&dice.maybe(&field));
    }
    let needs = dice.entries("sys", 6, |dice, id| {
        let level = dice.pick(&["essential", "essential", "support"]);
        format!("{{target: {id}, level: {level}}}")
    });
    let own = format!("{{target: sys-{number},");
    let needs = if needs.contains(&own) { String::new() } else { needs };
    let place = format!("{{target: inf-{}, level: essential}}", dice.below(2));
    let both: Vec<String> = [needs, place].into_iter().filter(|text| !text.is_empty()).collect();
    format!("{fields}, depends_on: [{}]", both.join(", "))
}

fn process(dice: &mut Dice, number: u64) -> String {
    let systems = dice.entries("sys", 6, |dice, id| {
        let role = dice.pick(&["essential", "support"]);
        format!("{{system: {id}, role: {role}}}")
    });
    let data = dice.entries("dat", 3, |dice, id| {
        let crud = dice.pick(&["C", "R", "CR", "U", "RUD"]);
        format!("{{data: {id}, crud: {crud}}}")
    });
    let known = dice.some("per", 3, 2).join(", ");
    let (section, hours, rto) = (dice.below(2), dice.below(900), dice.below(50));
    let hours = dice.maybe(&format!("staff_hours_per_year: {hours}"));
    let rto = dice.maybe(&format!("continuity: {{rto_hours: {rto}}}"));
    format!(
        "id: prc-{number}, name: P{number}, owner_department: dept-{section}, known_by: [{known}], systems: [{systems}], data: [{data}]{hours}{rto}"
    )
}

fn flow(dice: &mut Dice, number: u64) -> String {
    let (source, step) = (dice.below(6), 1 + dice.below(5));
    let (target, data) = ((source + step) % 6, dice.some("dat", 3, 2).join(", "));
    let method = dice.pick(&["file", "api", "view", "mail", "rekey"]);
    let frequency = dice.pick(&["rt", "5min", "d", "w", "m", "q", "h", "y", "e"]);
    let control = dice.pick(&["none", "manual", "intra", "specific"]);
    let (frequency, control) =
        (dice.maybe(&format!("frequency: {frequency}")), dice.maybe(&format!("control: {control}")));
    let anonymized = dice.below(6) == 0;
    format!(
        "id: flw-{number}, source: sys-{source}, target: sys-{target}, data: [{data}], method: {method}, anonymized: {anonymized}{frequency}{control}"
    )
}

fn project(dice: &mut Dice, number: u64) -> String {
    let systems = dice.entries("sys", 6, |dice, id| {
        let role = dice.pick(&["replace", "modify", "extend", "retire", "renew", "use"]);
        format!("{{system: {id}, role: {role}}}")
    });
    let (start, go_live) = (dice.pick(&DATES[..3]), dice.pick(&DATES[2..]));
    let before = if number == 0 { String::new() } else { dice.some("prj", number, 2).join(", ") };
    format!(
        "id: prj-{number}, name: R{number}, start: {start}, go_live: {go_live}, systems: [{systems}], depends_on: [{before}]"
    )
}
