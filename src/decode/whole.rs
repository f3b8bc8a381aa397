//! The fast path: an event that lies in the chunk as a whole, as nearly all events do.
//!
//! It reads lines in place and takes what is simple: one `data` line, at most one `event` and one `id` line, and comments,
//! up to the blank line, and blocks of nothing but comments before them. Everything else it leaves, untouched, to the machine
//! that can do everything; that then reads at least as far, so no byte is read more than twice. It has no state, and no say in
//! what a stream means: all that it could get wrong is to take what it should have left.

use super::arena::Lent;
use super::token::{DATA, EVENT, ID, Name};
use crate::scan::{self, CR, LF};

/// The length of the shortest event that is taken: `data:` and two line ends.
pub(super) const SHORTEST: usize = 7;

/// Reads the event at the front of `input`, where a block must start. Returns its parts, the byte that ended it, and what is
/// behind that; or nothing, if there is no event or it is not a simple one.
#[inline(always)]
pub(super) fn event(input: &[u8]) -> Option<(Lent<'_, true>, u8, &[u8])> {
    let (mut event_type, mut id, mut data) = (None, None, None);
    let mut rest = input;
    loop {
        let start = Name::word(rest);
        let (line, after) = scan::split_line_inline(rest)?;
        if DATA.starts(start) && data.is_none() {
            data = Some(value(line, DATA.len)?);
            // What most often follows.
            if let [end @ (LF | CR), after @ ..] = after {
                return Some((Lent { event_type, id, data }, *end, after));
            }
            // Lines have to be joined, elsewhere: no need to look for the end of this one.
            if DATA.starts(Name::word(after)) {
                return None;
            }
        } else if EVENT.starts(start) && event_type.is_none() {
            event_type = Some(value(line, EVENT.len)?);
        } else if ID.starts(start) && id.is_none() {
            let bytes = value(line, ID.len)?;
            if scan::has_nul(bytes) {
                return None;
            }
            id = Some(bytes);
        } else {
            match rest {
                [b':', ..] => {}
                [end @ (LF | CR), after @ ..] if data.is_some() => {
                    return Some((Lent { event_type, id, data }, *end, after));
                }
                _ => return None,
            }
        }
        rest = after;
    }
}

/// Passes over whole comments and blank lines at the front of `input`, where a block must start: they set nothing.
#[inline(always)]
pub(super) fn skip_idle(input: &[u8]) -> &[u8] {
    let mut rest = input;
    loop {
        match rest {
            [CR, LF, after @ ..] | [CR | LF, after @ ..] => rest = after,
            [b':', ..] => match scan::split_line(rest) {
                Some((_, after)) => rest = after,
                None => return rest,
            },
            _ => return rest,
        }
    }
}

/// Returns the value of the `data` line at the front of `input`, which may go on another one, and what is behind that line.
#[inline(always)]
pub(super) fn data_line(input: &[u8]) -> Option<(&[u8], &[u8])> {
    if !DATA.starts(Name::word(input)) {
        return None;
    }
    let (line, after) = scan::split_line(input)?;
    Some((value(line, DATA.len)?, after))
}

/// Returns the value of a line whose name and colon are so many bytes.
#[inline(always)]
fn value(line: &[u8], name: usize) -> Option<&[u8]> {
    match line.get(name..)? {
        [b' ', value @ ..] | value => Some(value),
    }
}
