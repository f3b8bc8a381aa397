//! The chunked transfer coding (RFC 9112, section 7.1), undone as the bytes come, without keeping any.

/// Where in the chunks the bytes have got to.
pub struct Chunked(State);

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// In the line in front of a chunk: the size so far.
    Size(usize),
    /// Behind the size, in what else may be on its line.
    Extension(usize),
    /// In a chunk that has so many bytes left.
    Payload(usize),
    /// In the line end behind a chunk.
    LineEnd,
    /// Behind the last chunk, in lines of which an empty one is the last.
    Trailer {
        is_empty: bool,
    },
    Done,
    Malformed,
}

impl Chunked {
    pub const fn new() -> Self {
        Self(State::Size(0))
    }

    /// Reads the framing that comes first, and hands on the payload behind it, as far as it lies in the bytes. `read` says
    /// how much of that it has taken.
    pub fn read<R>(&mut self, bytes: &[u8], read: impl FnOnce(&[u8]) -> (usize, R)) -> (usize, R) {
        let framing = bytes.iter().position(|&byte| !self.take(byte)).unwrap_or(bytes.len());
        let rest = &bytes[framing..];
        let State::Payload(left) = self.0 else {
            return (framing, read(&[]).1);
        };
        let (taken, result) = read(&rest[..left.min(rest.len())]);
        self.0 = if taken < left { State::Payload(left - taken) } else { State::LineEnd };
        (framing + taken, result)
    }

    /// The last chunk has been read, with all that comes behind it.
    pub fn is_done(&self) -> bool {
        self.0 == State::Done
    }

    /// These are no chunks, and nothing more will be read.
    pub fn is_malformed(&self) -> bool {
        self.0 == State::Malformed
    }

    /// Takes a byte of the framing. Any other is left where it is.
    fn take(&mut self, byte: u8) -> bool {
        self.0 = match (self.0, byte) {
            (State::Payload(_) | State::Done | State::Malformed, _) => return false,
            (State::Size(0) | State::Extension(0), b'\n') => State::Trailer { is_empty: true },
            (State::Size(size) | State::Extension(size), b'\n') => State::Payload(size),
            (State::LineEnd, b'\n') => State::Size(0),
            (State::Trailer { is_empty: true }, b'\n') => State::Done,
            (State::Trailer { .. }, b'\n') => State::Trailer { is_empty: true },
            (state, b'\r') => state,
            (State::Size(size), b';' | b' ' | b'\t') | (State::Extension(size), _) => State::Extension(size),
            (State::Size(size), digit) => match char::from(digit).to_digit(16) {
                Some(digit) if size < 1 << 24 => State::Size(16 * size + digit as usize),
                _ => State::Malformed,
            },
            (State::LineEnd, _) => State::Malformed,
            (State::Trailer { .. }, _) => State::Trailer { is_empty: false },
        };
        true
    }
}
