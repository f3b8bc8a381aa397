//! How long each loop is timed.

use criterion::Criterion;
use std::time::Duration;

/// Returns settings with which all loops take minutes, not hours.
pub fn short() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(400))
        .sample_size(20)
        .nresamples(2000)
}
