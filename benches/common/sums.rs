//! What is done with each event: the same for every reader, and so little that it can be timed along.

/// Takes delivered events.
pub trait Visit: Default {
    fn event(&mut self, event_type: &[u8], data: &[u8], last_id: &[u8]);

    /// What came of them.
    fn sum(&self) -> u64;
}

/// Adds up the number of events, all lengths, and the last byte of all data: for the clock.
#[derive(Default)]
pub struct Light(u64);

impl Visit for Light {
    #[inline(always)]
    fn event(&mut self, event_type: &[u8], data: &[u8], last_id: &[u8]) {
        let last = data.last().copied().unwrap_or(0);
        self.0 += (1 << 40) + (event_type.len() + data.len() + last_id.len()) as u64 + u64::from(last);
    }

    fn sum(&self) -> u64 {
        self.0
    }
}

/// Hashes (FNV-1a) every byte in its place: for the proof that all deliver the same.
pub struct Full(u64);

impl Default for Full {
    fn default() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }
}

impl Visit for Full {
    fn event(&mut self, event_type: &[u8], data: &[u8], last_id: &[u8]) {
        for part in [event_type, data, last_id] {
            // 0xFF is in no UTF-8, so parts cannot run into one another.
            for &byte in part.iter().chain(&[0xFF]) {
                self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3);
            }
        }
    }

    fn sum(&self) -> u64 {
        self.0
    }
}
