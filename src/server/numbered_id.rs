//! IDs that a server makes from two numbers.

use crate::encode::{Digits, tenfold};
use crate::event_id::EventId;
use core::fmt;

/// Holds the text of an ID `epoch-number`, such as `1764137935-42`.
///
/// An [`EventLog`](super::EventLog) makes these IDs for what is [pushed](super::EventLog::push). With a
/// [`Board`](super::Board) the server makes and reads them itself.
///
/// The epoch tells apart what two runs of a program have sent: without it, the `7` of yesterday would be found today. So it
/// must differ for each log or board, and for each start of the program: take a counter that survives the start, the time
/// or a random number.
///
/// # Examples
///
/// ```
/// use sse_wire::event_id;
/// use sse_wire::server::NumberedId;
///
/// assert_eq!(NumberedId::new(26, 7).as_event_id(), event_id!("26-7"));
/// assert_eq!(NumberedId::read(26, event_id!("26-7")), Some(7));
///
/// // Not of this epoch, and not as it would have been written.
/// assert_eq!(NumberedId::read(26, event_id!("25-7")), None);
/// assert_eq!(NumberedId::read(26, event_id!("26-07")), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct NumberedId {
    text: [u8; Self::MOST],
    len: usize,
}

impl NumberedId {
    /// The length in bytes of the longest ID.
    pub const MOST: usize = 2 * Digits::MOST + 1;

    /// Writes the ID of a number.
    pub fn new(epoch: u64, number: u64) -> Self {
        let mut id = Self { text: [0; Self::MOST], len: 0 };
        id.digits(epoch);
        id.byte(b'-');
        id.digits(number);
        id
    }

    /// Returns the number of an ID of this epoch. Returns `None` for every ID that [`new`](Self::new) would not have
    /// written for this epoch and some number: there is one text for each number. It looks at no more than
    /// [`MOST`](Self::MOST) bytes.
    pub fn read(epoch: u64, id: EventId<'_>) -> Option<u64> {
        let text = id.as_bytes();
        if text.len() > Self::MOST {
            return None;
        }
        // What the last bytes would say if this were an ID. Whether it is one, the comparison tells.
        let digits = text.rsplit(|&byte| byte == b'-').next().unwrap_or_default();
        let number =
            digits.iter().fold(0_u64, |number, &byte| tenfold(number).wrapping_add(u64::from(byte.wrapping_sub(b'0'))));
        (Self::new(epoch, number).as_event_id() == id).then_some(number)
    }

    /// Returns the ID.
    pub fn as_event_id(&self) -> EventId<'_> {
        EventId::trusted(self.text.get(..self.len).unwrap_or_default())
    }

    fn digits(&mut self, number: u64) {
        let mut digits = Digits::of(number);
        while let Some(digit) = digits.pop() {
            self.byte(b'0'.wrapping_add(digit));
        }
    }

    fn byte(&mut self, byte: u8) {
        if let Some(place) = self.text.get_mut(self.len) {
            *place = byte;
            self.len += 1;
        }
    }
}

impl fmt::Debug for NumberedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.as_event_id(), f)
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for NumberedId {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::Format::format(&self.as_event_id(), f);
    }
}
