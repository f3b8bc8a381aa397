//! How many connections there may be.

use core::error::Error;
use core::fmt;
use core::mem::swap;
use core::ops::Range;

/// Limits how many connections there are in total, and how many for each key: an address, a user, whatever one client must
/// not have too many of.
///
/// It counts for up to `N` keys at a time, in about `10 * N` bytes. A key is a number: that of a user, an IPv4 address, the
/// first 64 bits of an IPv6 address (which is what one customer has), or a hash. To find one takes O(log `N`) steps; for a
/// new key, and for one that goes, up to `N` of them move by one place.
///
/// Each connection that was let in must be [taken out](Self::disconnect) exactly once, also when its task is cancelled or
/// panics: let a guard do it that disconnects when it is dropped.
///
/// # Examples
///
/// ```
/// use sse_wire::server::{Limiter, Refused};
///
/// let mut limiter = Limiter::<1000>::new(2, 3);
/// assert_eq!(limiter.connect(7), Ok(()));
/// assert_eq!(limiter.connect(7), Ok(()));
/// assert_eq!(limiter.connect(7), Err(Refused::Key));
/// assert_eq!(limiter.connect(8), Ok(()));
/// assert_eq!(limiter.connect(9), Err(Refused::Full));
/// limiter.disconnect(7);
/// assert_eq!(limiter.connect(9), Ok(()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Limiter<const N: usize> {
    /// The first `used` ones ascend, and have at least one connection each. The others are 0.
    keys: [u64; N],
    /// The connections of each key.
    counts: [u16; N],
    used: usize,
    per_key: u16,
    /// How many connections there may still be.
    free: u32,
}

/// Says why a client was refused. There will be no other cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Refused {
    /// The key has as many connections as it may. The answer is status 429.
    Key,
    /// There are as many connections as there may be, or as many keys as the limiter can count for. The answer is status
    /// 503.
    Full,
}

impl<const N: usize> Limiter<N> {
    /// Makes a limiter that lets in `total` connections, and of these at most `per_key` for each key.
    pub const fn new(per_key: u16, total: u32) -> Self {
        Self { keys: [0; N], counts: [0; N], used: 0, per_key, free: total }
    }

    /// Counts a connection.
    ///
    /// # Errors
    ///
    /// Returns [`Refused`], and counts nothing. If both limits are reached, it is [`Refused::Key`].
    pub fn connect(&mut self, key: u64) -> Result<(), Refused> {
        let found = self.find(key);
        let count = found.ok().and_then(|at| self.counts.get(at)).copied().unwrap_or(0);
        if count >= self.per_key {
            return Err(Refused::Key);
        }
        if self.free == 0 || (found.is_err() && self.used == N) {
            return Err(Refused::Full);
        }
        if let Err(at) = found {
            self.used += 1;
            insert(&mut self.keys, at..self.used, key);
            insert(&mut self.counts, at..self.used, 0);
        }
        if let Some(count) = self.counts.get_mut(found.unwrap_or_else(|at| at)) {
            *count += 1;
        }
        self.free -= 1;
        Ok(())
    }

    /// Takes out a connection that was let in with this key. Does nothing if there is none.
    pub fn disconnect(&mut self, key: u64) {
        let Ok(at) = self.find(key) else { return };
        let Some(count) = self.counts.get_mut(at) else { return };
        *count -= 1;
        self.free += 1;
        if *count == 0 {
            remove(&mut self.keys, at..self.used);
            remove(&mut self.counts, at..self.used);
            self.used -= 1;
        }
    }

    /// Finds the place of a key, or the place where it belongs.
    fn find(&self, key: u64) -> Result<usize, usize> {
        self.keys.get(..self.used).unwrap_or_default().binary_search(&key)
    }
}

/// Puts a value at the front of a range, moves its other values up by one place, and drops the last one.
fn insert<T>(values: &mut [T], range: Range<usize>, mut value: T) {
    values.get_mut(range).into_iter().flatten().for_each(|place| swap(place, &mut value));
}

/// Takes the value at the front of a range out, and moves its other values down by one place.
fn remove<T: Default>(values: &mut [T], range: Range<usize>) {
    let mut value = T::default();
    values.get_mut(range).into_iter().flatten().rev().for_each(|place| swap(place, &mut value));
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Key => "too many connections of this client",
            Self::Full => "too many connections",
        })
    }
}

impl Error for Refused {}
