//! Compares two implementations in alternating slices, so that other load on the machine affects both.

use crate::counting::{Tally, count};
use cpu_time::ProcessTime;
use std::time::{Duration, Instant};

/// What one slice cost, for each time the work was done.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// Processor time of this process, in microseconds.
    pub cpu: f64,
    /// Time on the wall, in microseconds.
    pub wall: f64,
    pub allocations: f64,
    pub bytes: f64,
}

/// Runs `work`, which does what is measured `times` times.
pub fn slice(times: usize, work: impl FnOnce()) -> Cost {
    let (cpu, wall) = (ProcessTime::now(), Instant::now());
    let ((), Tally { allocations, bytes }) = count(work);
    let (cpu, wall) = (cpu.elapsed(), wall.elapsed());
    let each = |total: f64| total / times as f64;
    let micros = |time: Duration| each(time.as_secs_f64() * 1e6);
    Cost {
        cpu: micros(cpu),
        wall: micros(wall),
        allocations: each(allocations as f64),
        bytes: each(bytes as f64),
    }
}

/// The slices of two implementations. The order changes each round.
pub fn in_turns(rounds: usize, mut ours: impl FnMut() -> Cost, mut theirs: impl FnMut() -> Cost) -> Comparison {
    // Connections, caches, lazy statics.
    ours();
    theirs();
    let mut comparison = Comparison::default();
    for round in 0..rounds {
        let (ours, theirs) = if round % 2 == 0 {
            let ours = ours();
            (ours, theirs())
        } else {
            let theirs = theirs();
            (ours(), theirs)
        };
        comparison.ours.push(ours);
        comparison.theirs.push(theirs);
    }
    comparison
}

#[derive(Debug, Default)]
pub struct Comparison {
    pub ours: Vec<Cost>,
    pub theirs: Vec<Cost>,
}

impl Comparison {
    /// The median of the ratios of neighbouring slices.
    pub fn ratio(&self, of: impl Fn(&Cost) -> f64) -> f64 {
        median(
            self.ours
                .iter()
                .zip(&self.theirs)
                .map(|(ours, theirs)| of(ours) / of(theirs)),
        )
    }

    /// The medians of both.
    pub fn medians(&self, of: impl Fn(&Cost) -> f64) -> (f64, f64) {
        (median(self.ours.iter().map(&of)), median(self.theirs.iter().map(&of)))
    }
}

pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => values[middle],
        _ => (values[middle - 1] + values[middle]) / 2.0,
    }
}
