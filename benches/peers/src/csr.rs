//! A plain compressed-sparse-row array: the limit of what memory allows, and nothing else. It
//! cannot be edited, filtered or asked about edges.

/// How many places ahead in the queue the targets are asked for; their bounds twice as far.
const AHEAD: usize = 8;

/// Targets by source.
pub struct Csr {
    starts: Vec<u32>,
    targets: Vec<u32>,
    /// Nodes that have a target, 64 to a word.
    live: Vec<u64>,
}

impl Csr {
    /// Sorts the edges by source.
    #[must_use]
    pub fn new(nodes: u32, edges: &[(u32, u32)]) -> Self {
        let mut starts = vec![0_u32; nodes as usize + 1];
        for &(source, _) in edges {
            starts[source as usize + 1] += 1;
        }
        let mut live = vec![0; (nodes as usize).div_ceil(64)];
        for node in 0..nodes as usize {
            if starts[node + 1] > 0 {
                live[node / 64] |= 1 << (node % 64);
            }
            starts[node + 1] += starts[node];
        }
        let mut ends = starts.clone();
        let mut targets = vec![0; edges.len()];
        for &(source, target) in edges {
            targets[ends[source as usize] as usize] = target;
            ends[source as usize] += 1;
        }
        Self {
            starts,
            targets,
            live,
        }
    }

    /// Everything reachable from a node, itself included, and how many that is.
    #[must_use]
    pub fn reach(&self, start: u32) -> (Vec<u64>, usize) {
        let mut seen = vec![0_u64; self.live.len()];
        let mut queue = vec![0_u32; self.starts.len() + 2 * AHEAD];
        seen[start as usize / 64] |= 1 << (start % 64);
        queue[0] = start;
        let (mut head, mut tail) = (0, 1);
        while head < tail {
            prefetch(&self.starts, queue[head + 2 * AHEAD] as usize);
            prefetch(
                &self.targets,
                self.starts[queue[head + AHEAD] as usize] as usize,
            );
            let node = queue[head] as usize;
            head += 1;
            for &target in &self.targets[self.starts[node] as usize..self.starts[node + 1] as usize]
            {
                let (word, bit) = (target as usize / 64, 1 << (target % 64));
                let fresh = bit & !seen[word];
                seen[word] |= bit;
                queue[tail] = target;
                tail += usize::from(fresh & self.live[word] != 0);
            }
        }
        let count = seen.iter().map(|word| word.count_ones() as usize).sum();
        (seen, count)
    }
}

#[cfg(target_arch = "x86_64")]
#[inline]
fn prefetch<T>(items: &[T], index: usize) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    // SAFETY: a prefetch has no observable effect, whatever the address.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(items.as_ptr().wrapping_add(index).cast()) };
}

#[cfg(not(target_arch = "x86_64"))]
#[inline]
fn prefetch<T>(_: &[T], _: usize) {}
