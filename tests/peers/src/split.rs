//! Where a stream is cut into pieces. The same name always gives the same cuts.

#[derive(Clone, Copy)]
pub enum Split {
    /// One piece.
    Whole,
    /// Pieces of one byte.
    Bytes,
    /// Pieces of 1 to 24 bytes, by a seed.
    Random(u64),
    /// The same, in a body that ends with the connection, so that the kernel may join pieces.
    Close(u64),
}

impl Split {
    pub fn named(name: &str) -> Option<Self> {
        match name.split_once('-') {
            None if name == "whole" => Some(Self::Whole),
            None if name == "bytes" => Some(Self::Bytes),
            Some(("random", seed)) => seed.parse().ok().map(Self::Random),
            Some(("close", seed)) => seed.parse().ok().map(Self::Close),
            _ => None,
        }
    }

    pub fn is_chunked(self) -> bool {
        !matches!(self, Self::Close(_))
    }

    pub fn pieces(self, mut stream: &[u8]) -> impl Iterator<Item = &[u8]> {
        // Any seed but 0 will do for an xorshift.
        let mut state = match self {
            Self::Random(seed) | Self::Close(seed) => seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
            Self::Whole | Self::Bytes => 1,
        };
        std::iter::from_fn(move || {
            let len = match self {
                Self::Whole => stream.len(),
                Self::Bytes => 1,
                Self::Random(_) | Self::Close(_) => {
                    state ^= state << 13;
                    state ^= state >> 7;
                    state ^= state << 17;
                    1 + (state >> 32) as usize % 24
                }
            };
            let (piece, rest) = stream.split_at(len.min(stream.len()));
            stream = rest;
            (!piece.is_empty()).then_some(piece)
        })
    }
}
