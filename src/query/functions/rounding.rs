//! Rounding of decimal numbers at any place, on the digits that are shown: 1.45 is 1.45 here, not 1.4499999.

/// What is done with the digits that are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Up,
    Down,
    Ceiling,
    Floor,
    HalfUp,
    HalfDown,
    HalfEven,
}

impl Mode {
    pub(super) const NAMES: [(&'static str, Self); 7] = [
        ("UP", Self::Up),
        ("DOWN", Self::Down),
        ("CEILING", Self::Ceiling),
        ("FLOOR", Self::Floor),
        ("HALF_UP", Self::HalfUp),
        ("HALF_DOWN", Self::HalfDown),
        ("HALF_EVEN", Self::HalfEven),
    ];

    pub(super) fn find(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, mode)| *mode)
    }

    /// Whether the last digit that stays goes up, away from zero.
    fn goes_up(self, negative: bool, last: u8, rest: &[u8]) -> bool {
        let anything = rest.iter().any(|digit| *digit > b'0');
        let half = rest.first().copied().unwrap_or(b'0').cmp(&b'5');
        let half = half.then(if rest.iter().skip(1).any(|digit| *digit > b'0') {
            std::cmp::Ordering::Greater
        } else {
            std::cmp::Ordering::Equal
        });
        match self {
            Self::Up => anything,
            Self::Down => false,
            Self::Ceiling => anything && !negative,
            Self::Floor => anything && negative,
            Self::HalfUp => half.is_ge(),
            Self::HalfDown => half.is_gt(),
            Self::HalfEven => half.is_gt() || (half.is_eq() && last % 2 == 1),
        }
    }
}

/// A number rounded so many places behind its point (before it where negative).
pub(super) fn round_at(number: f64, places: i64, mode: Mode) -> f64 {
    if !number.is_finite() {
        return number;
    }
    // A float has at most 309 digits before its point and 324 behind it.
    if !(-310..=324).contains(&places) {
        return if places > 0 { number } else { 0.0 };
    }
    let text = format!("{}", number.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits: Vec<u8> = format!("0{whole}{fraction}").into_bytes();
    let kept = i64::try_from(whole.len() + 1).unwrap_or(310) + places;
    let Ok(kept) = usize::try_from(kept) else {
        return 0.0;
    };
    if kept >= digits.len() {
        return number;
    }
    let (stay, rest) = digits.split_at(kept);
    let mut stay = if stay.is_empty() { vec![b'0'] } else { stay.to_vec() };
    let last = stay.last().map_or(0, |digit| digit - b'0');
    if mode.goes_up(number < 0.0, last, rest) {
        carry(&mut stay);
    }
    let exponent = -places;
    let rounded = format!("{}e{exponent}", String::from_utf8(stay).unwrap_or_default()).parse().unwrap_or(number.abs());
    if number < 0.0 { -rounded } else { rounded }
}

/// Adds one to a number in digits.
fn carry(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return;
        }
        *digit = b'0';
    }
    digits.insert(0, b'1');
}
