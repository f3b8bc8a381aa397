//! What `build.rs` wrote: numbers of seven bits a byte, the lowest first, and text behind its length.

/// Takes values off its front.
#[derive(Clone, Copy)]
pub struct Blob(pub &'static [u8]);

impl Blob {
    pub fn number(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..).step_by(7) {
            let (&byte, rest) = self.0.split_first().expect("a number");
            self.0 = rest;
            number |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        number
    }

    pub fn size(&mut self) -> usize {
        self.number().try_into().expect("a size")
    }

    pub fn flag(&mut self) -> bool {
        self.number() == 1
    }

    pub fn bytes(&mut self) -> &'static [u8] {
        let len = self.size();
        let (bytes, rest) = self.0.split_at(len);
        self.0 = rest;
        bytes
    }

    pub fn text(&mut self) -> &'static str {
        core::str::from_utf8(self.bytes()).expect("text")
    }

    pub fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.flag().then(|| read(self))
    }
}
