//! A small generator of numbers that gives the same sequence everywhere for the same seed.

/// `SplitMix64` (Steele, Lea, Flood 2014): good enough for invented cities, and eight bytes of state.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `limit` less one; 0 when the limit is 0.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        let wide = u128::from(self.next()) * (limit as u128);
        // The upper half of a product with `limit` is smaller than `limit`.
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// A number between two, both included.
    pub(super) fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least + 1)
    }

    /// True so many times of a hundred.
    pub(super) fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    /// One of several.
    pub(super) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// A place below `limit`: often a busy one near the beginning, else one not far from `home`.
    pub(super) fn target(&mut self, limit: usize, home: usize) -> usize {
        if self.percent(30) {
            let (a, b) = (self.below(limit), self.below(limit));
            return a.min(b);
        }
        let reach = limit.min(100);
        let first = home.saturating_sub(reach / 2).min(limit - reach);
        first + self.below(reach)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_the_published_one() {
        // The first outputs of the reference implementation for the seed 1234567.
        let mut random = Random::new(1_234_567);
        assert_eq!([random.next(), random.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn targets_stay_inside() {
        let mut random = Random::new(1);
        for limit in [1, 2, 99, 100, 101, 5_000] {
            for home in [0, limit / 2, limit, limit * 2] {
                assert!((0..200).all(|_| random.target(limit, home) < limit), "{limit} {home}");
            }
        }
    }
}
