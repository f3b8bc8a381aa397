//! Which change of each key was the last.

/// Remembers for each of `K` keys which change of it was the last, for clients that want the latest state and not each
/// change.
///
/// It holds no events. When a key has changed, [`touch`](Self::touch) it; when a client's socket has room, ask for the
/// [`next`](Self::next) key that it has not seen the latest of, render the key's present state and send it. So a slow
/// client gets fewer updates, never old ones, and never lacks the last: at most one is due for each key, whatever the
/// client's speed.
///
/// A client is one number: that of the last change that it has seen, 0 at first. As the event's ID send
/// [`NumberedId`](super::NumberedId), and read it strictly when the client comes back: what is not of this epoch starts at
/// 0.
///
/// It takes `8 * K + 8` bytes. `touch` takes constant time, `next` looks at each key.
///
/// # Examples
///
/// ```
/// use sse_wire::server::{Board, NumberedId};
/// use sse_wire::{EventId, EventType, Message};
///
/// const EPOCH: u64 = 26; // New for each start of the program.
/// const NAMES: [&str; 2] = ["temperature", "fan"];
///
/// /// Sends what the client has not seen.
/// fn send(board: &Board<2>, state: &[&str; 2], seen: &mut u64, out: &mut Vec<u8>) {
///     while let Some((key, number)) = board.next(*seen) {
///         let id = NumberedId::new(EPOCH, number);
///         let message = Message::new().event(EventType::new(NAMES[key]).unwrap()).id(id.as_event_id()).data(state[key]);
///         out.extend(message.segments().flatten());
///         *seen = number;
///     }
/// }
///
/// let mut board = Board::new();
/// for key in [0, 1, 0, 0] {
///     board.touch(key);
/// }
/// let (mut seen, mut out) = (0, Vec::new());
/// send(&board, &["23", "off"], &mut seen, &mut out);
/// assert_eq!(out, b"event: fan\nid: 26-2\ndata: off\n\nevent: temperature\nid: 26-4\ndata: 23\n\n");
///
/// // Later it comes back.
/// board.touch(1);
/// let (mut seen, mut out) = (NumberedId::read(EPOCH, EventId::new("26-4")?).unwrap_or(0), Vec::new());
/// send(&board, &["23", "on"], &mut seen, &mut out);
/// assert_eq!(out, b"event: fan\nid: 26-5\ndata: on\n\n");
/// # Ok::<(), sse_wire::InvalidEventId>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Board<const K: usize> {
    /// For each key the number of its last change, or 0.
    changes: [u64; K],
    last: u64,
}

impl<const K: usize> Board<K> {
    /// Makes a board on which no key has changed.
    pub const fn new() -> Self {
        Self { changes: [0; K], last: 0 }
    }

    /// Notes that a key has changed, and returns the number of the change. Numbers start at 1. Returns `None`, and changes
    /// nothing, if there is no such key.
    pub const fn touch(&mut self, key: usize) -> Option<u64> {
        let Some((_, [change, ..])) = self.changes.split_at_mut_checked(key) else { return None };
        self.last = self.last.wrapping_add(1);
        *change = self.last;
        Some(self.last)
    }

    /// Returns the key that changes next for a client that has seen all changes up to a number, and the number that it has
    /// seen then: of the keys whose last change is later, the one that has waited longest. Returns `None` if there is none.
    ///
    /// A number above [`last`](Self::last) is that of another board, so it counts as 0.
    pub fn next(&self, seen: u64) -> Option<(usize, u64)> {
        let seen = if seen > self.last { 0 } else { seen };
        let later = self.changes.iter().copied().enumerate().filter(|&(_, change)| change > seen);
        later.min_by_key(|&(_, change)| change)
    }

    /// Returns the number of the last change, 0 if there was none: what to wait for a change of.
    pub const fn last(&self) -> u64 {
        self.last
    }
}

impl<const K: usize> Default for Board<K> {
    fn default() -> Self {
        Self::new()
    }
}
