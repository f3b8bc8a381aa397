//! When a sign of life is due.

/// Tells when a connection has been silent for so long that a sign of life is due, such as
/// [`KEEP_ALIVE`](crate::KEEP_ALIVE).
///
/// Proxies close what has been silent for a minute, some sooner: 15 seconds is a good interval ([section 10 of the
/// rules](crate::rules#10-servers)). The interval and the times are of any unit, such as milliseconds, and the times count
/// from any moment. There is no clock in it.
///
/// If the time goes back, as a clock that wraps does, a sign of life is due at once: one too many is harmless.
///
/// # Examples
///
/// ```
/// use sse_wire::server::KeepAlive;
///
/// let mut keep_alive = KeepAlive::new(15_000, 1_000);
/// assert_eq!(keep_alive.wait(6_000), 10_000);
/// keep_alive.wrote(6_000); // An event.
///
/// assert!(!keep_alive.is_due(20_999));
/// assert!(keep_alive.is_due(21_000));
/// keep_alive.wrote(21_000); // The sign of life.
/// assert_eq!(keep_alive.wait(21_000), 15_000);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct KeepAlive {
    last: u64,
    interval: u32,
}

impl KeepAlive {
    /// Makes one for a connection on which something was written just now.
    pub const fn new(interval: u32, now: u64) -> Self {
        Self { last: now, interval }
    }

    /// Notes that something was written.
    pub const fn wrote(&mut self, now: u64) {
        self.last = now;
    }

    /// Returns whether nothing was written for the whole interval.
    pub const fn is_due(&self, now: u64) -> bool {
        self.wait(now) == 0
    }

    /// Returns the time until a sign of life is due: at most the interval, and 0 if one is due now.
    pub const fn wait(&self, now: u64) -> u64 {
        match now.checked_sub(self.last) {
            Some(silent) => (self.interval as u64).saturating_sub(silent),
            None => 0,
        }
    }
}
