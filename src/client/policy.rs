//! The numbers that say when to reconnect, and what follows from them.

use core::fmt;

/// Says when to reconnect, and when not to. All times are in milliseconds.
///
/// Start from one of the three constants and change single numbers: `Policy::RESILIENT.silence(0)`.
///
/// | number | [`STANDARD`](Self::STANDARD) | [`RESILIENT`](Self::RESILIENT) | why |
/// |---|---|---|---|
/// | [`retry`](Self::retry) | 3000 | 3000 | Chromium, WebKit, undici and the `eventsource` package for Node wait so long |
/// | [`retry_min`](Self::retry_min) | 500 | 500 | Firefox does; the standard lets a client wait longer than it was told |
/// | [`retry_max`](Self::retry_max) | `u32::MAX` | 300 000 | one `retry: 1000000000` must not kill a client |
/// | [`spread_max`](Self::spread_max) | 0 | 30 000 | the cap of okhttp-eventsource |
/// | [`stable`](Self::stable) | 0 | 10 000 | 60 000, as elsewhere, is wrong for functions that live for 10 to 30 s |
/// | [`silence`](Self::silence) | 0 | 90 000 | longer than the 60 s of nginx and balancers; six comments missed at one in 15 s |
/// | [`attempts`](Self::attempts) | `None` | `None` | browsers never give up |
/// | [`retry_status`](Self::retry_status) | no | yes | a server that restarts answers 503 |
///
/// [`ONCE`](Self::ONCE) is `STANDARD.attempts(Some(0))`.
///
/// # How long a wait is
///
/// ```text
/// base   = the stream's `retry`, at most retry_max; or `retry` if the stream has named none; and never less than retry_min
/// spread = base · 2ⁿ, at most spread_max             n = losses in a row before this one: 0, 1, 2, …
/// wait   = the larger of base and Retry-After (at most retry_max) + a random time from 0 to spread, both included
/// ```
///
/// The random time comes *on top of* what the server asked for, so no client comes earlier than it may, and even the first
/// reconnection is spread: when a server restarts, its clients do not come back all at once. A base of 0 spreads like one of
/// 1, so that the back-off doubles from there. A wait is at most `u32::MAX` (49 days).
///
/// # What a server sees of it
///
/// When a server loses all its clients at once, waits that are equal bring them back at once. Back-off alone makes that
/// rarer, and no smaller: it is the jitter that divides the herd. A spread of 3 s lets in a third of it each second, and
/// from the fifth loss in a row on, one client in 18. The price is that the last one comes up to 33 s after the server does.
/// A server that says 503 to those it cannot take yet keeps all of them with `RESILIENT`; with `STANDARD`, it has sent them
/// away for good.
///
#[cfg_attr(doc, doc = include_str!("../../docs/herd.svg"))]
///
/// That is `cargo run --release --example herd`, which runs a million [`EventSource`](super::EventSource)s in simulated
/// time.
///
/// # Examples
///
/// ```
/// use sse_wire::client::Policy;
///
/// /// A quiet stream that sends no comments, and a server that should be left alone after ten losses in a row.
/// const QUIET: Policy = Policy::RESILIENT.silence(0).attempts(Some(10));
/// assert_ne!(QUIET, Policy::default());
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Policy {
    retry: u32,
    retry_min: u32,
    retry_max: u32,
    spread_max: u32,
    pub(super) stable: u32,
    pub(super) silence: u32,
    /// As many losses as can be counted stand for no limit.
    pub(super) attempts: u32,
    retry_status: bool,
}

impl Policy {
    /// Follows the letter of the standard, for ever: it waits the reconnection time, exactly, and every status but 200 is
    /// final.
    pub const STANDARD: Self = Self {
        retry: 3000,
        retry_min: 500,
        retry_max: u32::MAX,
        spread_max: 0,
        stable: 0,
        silence: 0,
        attempts: u32::MAX,
        retry_status: false,
    };

    /// Keeps a client alive for years: back-off with jitter, limits on what a server can ask for, silence noticed, outages
    /// survived.
    ///
    /// **Two things to know before you take it.** A stream that sends nothing for 90 s counts as lost, so a quiet stream
    /// needs comments from its server (one every 15 s is usual) or `silence(0)`. And events without IDs that were sent while
    /// no connection was there are gone, with this policy as with any other.
    pub const RESILIENT: Self = Self {
        retry_max: 300_000,
        spread_max: 30_000,
        stable: 10_000,
        silence: 90_000,
        retry_status: true,
        ..Self::STANDARD
    };

    /// Connects once: for an answer that ends, such as that of an LLM, and for every request that must not be repeated.
    ///
    /// It sets no limit on silence. `ONCE.silence(60_000)` gives up on an answer that has stalled.
    pub const ONCE: Self = Self::STANDARD.attempts(Some(0));

    /// Sets the reconnection time until the stream names one. [`retry_min`](Self::retry_min) applies to it, too.
    pub const fn retry(self, ms: u32) -> Self {
        Self { retry: ms, ..self }
    }

    /// Sets the shortest reconnection time: a floor under the stream's `retry` and [`retry`](Self::retry).
    ///
    /// It keeps `retry: 0` from becoming a loop without a pause. It is stronger than [`retry_max`](Self::retry_max).
    pub const fn retry_min(self, ms: u32) -> Self {
        Self { retry_min: ms, ..self }
    }

    /// Sets the longest wait that a server may ask for, by `retry` or by `Retry-After`. Jitter comes on top.
    ///
    /// Clients of protocols that must respect `retry`, such as MCP, raise it to what they can bear.
    pub const fn retry_max(self, ms: u32) -> Self {
        Self { retry_max: ms, ..self }
    }

    /// Sets the most that back-off and jitter together add to a wait. 0 turns both off.
    pub const fn spread_max(self, ms: u32) -> Self {
        Self { spread_max: ms, ..self }
    }

    /// Sets for how long a connection must have been open so that its loss counts as the first in a row. With 0, opening is
    /// enough.
    ///
    /// [Progress](super#what-ends-a-row-of-losses) has that effect at once.
    pub const fn stable(self, ms: u32) -> Self {
        Self { stable: ms, ..self }
    }

    /// Sets after how long without a response, and then without a byte, a connection counts as lost. 0: never.
    ///
    /// Choose more than the interval of the server's comments.
    pub const fn silence(self, ms: u32) -> Self {
        Self { silence: ms, ..self }
    }

    /// Sets how many losses in a row are borne; the next one is final. `Some(0)`: never reconnect. `None`: no limit.
    pub const fn attempts(self, losses: Option<u32>) -> Self {
        let attempts = match losses {
            Some(losses) => losses,
            None => u32::MAX,
        };
        Self { attempts, ..self }
    }

    /// Sets whether the statuses 408, 425, 429 and 5xx, but not 501 and 505, are outages after which to reconnect. If not,
    /// they are final, as the standard has it.
    pub const fn retry_status(self, is_outage: bool) -> Self {
        Self { retry_status: is_outage, ..self }
    }

    /// Returns whether a response with this status is an outage, after which to reconnect.
    pub(super) const fn is_outage(&self, status: u16) -> bool {
        self.retry_status && matches!(status, 408 | 425 | 429 | 500 | 502..=504 | 506..=599)
    }

    /// Limits what a server asks for.
    pub(super) fn limit(&self, ms: u64) -> u32 {
        u32::try_from(ms).unwrap_or(u32::MAX).min(self.retry_max)
    }

    /// Replaces the reconnection time by the one that the stream has named.
    pub(super) fn take_retry(&mut self, ms: u64) {
        self.retry = self.limit(ms);
    }

    /// Returns how long to wait after a loss, given the losses in a row before it, the least that `Retry-After` allows, and
    /// random bits.
    pub(super) fn wait(&self, losses_before: u32, least: u32, random: u32) -> u32 {
        let base = self.retry.max(self.retry_min);
        let power = 1_u32.checked_shl(losses_before).unwrap_or(u32::MAX);
        let spread = base.max(1).saturating_mul(power).min(self.spread_max);
        // Random bits are a fraction of 2³², so this is uniform without a division.
        let jitter = (u64::from(random) * (u64::from(spread) + 1)) >> 32;
        base.max(least).saturating_add(jitter as u32)
    }
}

// The derived one would call code that can panic.
impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("retry", &self.retry)
            .field("retry_min", &self.retry_min)
            .field("retry_max", &self.retry_max)
            .field("spread_max", &self.spread_max)
            .field("stable", &self.stable)
            .field("silence", &self.silence)
            .field("attempts", &(self.attempts < u32::MAX).then_some(self.attempts))
            .field("retry_status", &self.retry_status)
            .finish()
    }
}

impl Default for Policy {
    /// Returns [`Policy::RESILIENT`].
    fn default() -> Self {
        Self::RESILIENT
    }
}

#[cfg(test)]
mod tests {
    use super::Policy;

    /// The first loss in a row waits its base and at most that again, the second at most twice, and so on to the limit.
    #[test]
    fn waits_are_exact() {
        let wait = |policy: &Policy, n, retry: Option<u64>, least| {
            let mut policy = *policy;
            if let Some(ms) = retry {
                policy.take_retry(ms);
            }
            [0, 1, 1 << 31, u32::MAX].map(|random| u64::from(policy.wait(n, least, random)))
        };
        let p = Policy::STANDARD;
        assert_eq!(wait(&p, 0, None, 0), [3000; 4]);
        assert_eq!(wait(&p, u32::MAX, None, 0), [3000; 4]);
        assert_eq!(wait(&p.retry(7000), 0, None, 0), [7000; 4]);
        assert_eq!(wait(&p.retry(499), 0, None, 0), [500; 4]);
        assert_eq!(wait(&p, 0, Some(0), 0), [500; 4]);
        assert_eq!(wait(&p, 0, Some(500), 0), [500; 4]);
        assert_eq!(wait(&p, 0, Some(501), 0), [501; 4]);
        assert_eq!(wait(&p, 0, Some(u64::MAX), 0), [u32::MAX.into(); 4]);
        assert_eq!(wait(&p.retry_max(9000), 0, Some(9001), 0), [9000; 4]);
        assert_eq!(wait(&p.retry_max(9000), 0, Some(8999), 0), [8999; 4]);
        assert_eq!(wait(&p.retry_max(100), 0, Some(200), 0), [500; 4], "the floor is stronger");
        assert_eq!(wait(&p.retry(9000).retry_max(100), 0, None, 0), [9000; 4], "the limit is for servers");
        assert_eq!(wait(&p, 0, None, 2999), [3000; 4]);
        assert_eq!(wait(&p, 0, None, 3001), [3001; 4]);

        let p = Policy::RESILIENT;
        assert_eq!(wait(&p, 0, None, 0), [3000, 3000, 4500, 6000]);
        assert_eq!(wait(&p, 1, None, 0), [3000, 3000, 6000, 9000]);
        assert_eq!(wait(&p, 2, None, 0), [3000, 3000, 9000, 15_000]);
        assert_eq!(wait(&p, 3, None, 0), [3000, 3000, 15_000, 27_000]);
        assert_eq!(wait(&p, 4, None, 0), [3000, 3000, 18_000, 33_000]);
        assert_eq!(wait(&p, u32::MAX, None, 0), [3000, 3000, 18_000, 33_000]);
        assert_eq!(wait(&p, 0, None, 10_000), [10_000, 10_000, 11_500, 13_000], "it spreads as without Retry-After");
        assert_eq!(wait(&p, 9, Some(1 << 40), 0), [300_000, 300_000, 315_000, 330_000]);

        // The spread of a base of 0 is that of 1, and doubles as long as there are bits.
        let p = Policy::STANDARD.retry(0).retry_min(0).spread_max(u32::MAX);
        for n in 0..32 {
            assert_eq!(wait(&p, n, None, 0), [0, (1 << n) >> 32, ((1 << n) + 1) >> 1, 1 << n], "{n}");
        }
        for n in [32, 33, 63, 64, 65, u32::MAX] {
            assert_eq!(wait(&p, n, None, 0), [0, 1, 1 << 31, u32::MAX.into()], "{n}");
        }
        assert_eq!(wait(&p.retry(u32::MAX), 32, None, 0), [u32::MAX.into(); 4], "as long as there is");
        assert_eq!(wait(&p.retry(3), 31, None, 0), [3, 4, (1 << 31) + 3, u32::MAX.into()]);
    }

    /// Every possible jitter of a small spread comes equally often.
    #[test]
    fn jitter_is_uniform() {
        let policy = Policy::STANDARD.retry(0).retry_min(0).spread_max(9);
        let mut counts = [0; 10];
        for random in (0..=u32::MAX).step_by(1 << 12) {
            counts[policy.wait(u32::MAX, 0, random) as usize] += 1;
        }
        let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
        assert!(most - least <= 1, "{counts:?}");
    }
}
