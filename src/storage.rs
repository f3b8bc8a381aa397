//! The memory of a parser, of whatever kind.

/// Marks the kinds of memory that a [`Parser`](crate::Parser) can work in.
///
/// The parser overwrites what the memory holds. The size of a storage is the one limit on the events that the parser
/// delivers: see [`Parser`](crate::Parser#memory).
///
/// | storage | its limit | feature |
/// |---|---|---|
/// | `[u8; N]` | `N` | |
/// | `[u8]`, as in `&mut Parser<[u8]>` | its length | |
/// | `&mut S`, for any storage `S` | that of `S` | |
/// | `Box<[u8]>` | its length | `alloc` |
/// | `Growing` | the one it was made with | `alloc` |
/// | `heapless::Vec<u8, N>` | its capacity `N`, whatever its length | `heapless-v0.9` |
///
/// The trait is sealed: it has no other implementors and no public methods, so that it can change.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the memory of a parser",
    note = "arrays and slices of bytes can; `Box<[u8]>` and `Growing` need the feature `alloc`, `heapless::Vec` needs `heapless-v0.9`"
)]
pub trait Storage: sealed::Storage {}

impl<S: sealed::Storage + ?Sized> Storage for S {}

pub(crate) mod sealed {
    /// What a parser asks of its memory.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` cannot be the memory of a parser",
        note = "arrays and slices of bytes can; `Box<[u8]>` and `Growing` need the feature `alloc`, `heapless::Vec` needs `heapless-v0.9`"
    )]
    pub trait Storage {
        /// Whether there can be more bytes than there are now.
        const GROWS: bool = false;

        /// The most bytes that there can ever be.
        fn limit(&self) -> usize;

        /// The bytes that there are now.
        fn bytes(&self) -> &[u8];

        /// The bytes that there are now, to write to.
        fn bytes_mut(&mut self) -> &mut [u8];

        /// Makes sure that there are at least `len` bytes, keeps those there are, and returns whether that worked.
        fn grow(&mut self, len: usize) -> bool {
            len <= self.bytes().len()
        }

        /// The number of bytes to keep between two events when `used` of them are in use.
        fn idle_len(&self, _used: usize) -> usize {
            self.bytes().len()
        }

        /// Gives back the bytes from `len` on.
        fn shrink(&mut self, _len: usize) {}
    }
}

impl sealed::Storage for [u8] {
    fn limit(&self) -> usize {
        self.len()
    }

    fn bytes(&self) -> &[u8] {
        self
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        self
    }
}

impl<const N: usize> sealed::Storage for [u8; N] {
    fn limit(&self) -> usize {
        N
    }

    fn bytes(&self) -> &[u8] {
        self
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        self
    }
}

impl<S: sealed::Storage + ?Sized> sealed::Storage for &mut S {
    const GROWS: bool = S::GROWS;

    fn limit(&self) -> usize {
        (**self).limit()
    }

    fn bytes(&self) -> &[u8] {
        (**self).bytes()
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        (**self).bytes_mut()
    }

    fn grow(&mut self, len: usize) -> bool {
        (**self).grow(len)
    }

    fn idle_len(&self, used: usize) -> usize {
        (**self).idle_len(used)
    }

    fn shrink(&mut self, len: usize) {
        (**self).shrink(len);
    }
}

#[cfg(feature = "alloc")]
pub use on_the_heap::Growing;

#[cfg(feature = "alloc")]
mod on_the_heap {
    use super::sealed;
    use alloc::{boxed::Box, vec::Vec};

    impl sealed::Storage for Box<[u8]> {
        fn limit(&self) -> usize {
            self.len()
        }

        fn bytes(&self) -> &[u8] {
            self
        }

        fn bytes_mut(&mut self) -> &mut [u8] {
            self
        }
    }

    /// Stores events on the heap: starts with nothing, grows up to a limit as events need it, and gives the memory back.
    ///
    /// Nothing is allocated for an event that [`next`](crate::Parser::next) lends from the chunk, unless it sets an ID that
    /// is longer than the allocated memory: the ID outlives the chunk, so the parser copies it.
    ///
    /// Between two events at most [`Growing::IDLE`] bytes stay allocated, or the length of the last event ID if that is
    /// longer. So the small events after a large one do not hold its memory. Growth doubles, so that its cost stays linear.
    ///
    /// If the allocator refuses memory below the limit, the event that needs it is lost and reported as an
    /// [`Overflow`](crate::Overflow), and the parser goes on.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_wire::{Growing, Parser};
    ///
    /// let mut parser = Parser::new(Growing::new(64 * 1024));
    /// let mut chunk = &b"data: one\ndata: two\n\n"[..];
    /// assert_eq!(parser.next(&mut chunk).unwrap()?.data(), "one\ntwo");
    /// # Ok::<(), sse_wire::Overflow>(())
    /// ```
    #[derive(Clone, Debug)]
    pub struct Growing {
        bytes: Vec<u8>,
        limit: usize,
        /// The allocator has refused memory, so the limit is what is allocated, until the next event.
        refused: bool,
    }

    impl Growing {
        /// The limit of [`Growing::default`], in bytes: 1 MiB.
        pub const DEFAULT_LIMIT: usize = 1 << 20;

        /// The most bytes that stay allocated between two events.
        pub const IDLE: usize = 4096;

        /// Makes a storage that may grow to `limit` bytes. Allocates nothing yet.
        pub const fn new(limit: usize) -> Self {
            Self { bytes: Vec::new(), limit, refused: false }
        }
    }

    impl Default for Growing {
        fn default() -> Self {
            Self::new(Self::DEFAULT_LIMIT)
        }
    }

    impl sealed::Storage for Growing {
        const GROWS: bool = true;

        fn limit(&self) -> usize {
            if self.refused { self.bytes.len() } else { self.limit }
        }

        fn bytes(&self) -> &[u8] {
            &self.bytes
        }

        fn bytes_mut(&mut self) -> &mut [u8] {
            &mut self.bytes
        }

        fn grow(&mut self, len: usize) -> bool {
            let now = self.bytes.len();
            if len <= now {
                return true;
            }
            if len > self.limit() {
                return false;
            }
            let doubled = now.saturating_mul(2).clamp(64, self.limit.max(64));
            let goal = len.max(doubled.min(self.limit));
            if self.bytes.try_reserve_exact(goal - now).is_err() {
                self.refused = true;
                return false;
            }
            self.bytes.resize(goal, 0);
            true
        }

        fn idle_len(&self, used: usize) -> usize {
            self.bytes.len().min(used.max(Self::IDLE))
        }

        fn shrink(&mut self, len: usize) {
            self.refused = false;
            if len < self.bytes.len() {
                self.bytes.truncate(len);
                self.bytes.shrink_to(len);
            }
        }
    }
}

#[cfg(feature = "heapless-v0.9")]
impl<const N: usize, L: heapless_v0_9::LenType> sealed::Storage for heapless_v0_9::Vec<u8, N, L> {
    const GROWS: bool = true;

    fn limit(&self) -> usize {
        N
    }

    fn bytes(&self) -> &[u8] {
        self
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        self
    }

    /// Takes the whole capacity the first time: without unsafe code only bytes within the length can be written.
    fn grow(&mut self, len: usize) -> bool {
        len <= self.len() || (len <= N && self.resize(N, 0).is_ok())
    }
}
