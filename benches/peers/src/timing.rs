//! Medians.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// The median of `runs` runs, after one that only warms up.
pub fn median_of<T>(runs: usize, mut question: impl FnMut() -> T) -> Duration {
    black_box(question());
    let times = (0..runs).map(|_| {
        let began = Instant::now();
        black_box(question());
        began.elapsed()
    });
    median(times.collect())
}

/// The median of one run for each subject, after one round over all that only warms up.
pub fn median_over<S: Copy, T>(subjects: &[S], mut question: impl FnMut(S) -> T) -> Duration {
    for &subject in subjects {
        black_box(question(subject));
    }
    let times = subjects.iter().map(|&subject| {
        let began = Instant::now();
        black_box(question(subject));
        began.elapsed()
    });
    median(times.collect())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
