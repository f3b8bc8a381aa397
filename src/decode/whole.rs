//! The shortest way: an event that lies in the chunk as a whole, as nearly all events do.
//!
//! It reads lines in place and takes what is simple: one `data` line, at most one `event` and one `id` line, and comments,
//! up to the blank line. Where it meets anything else, it hands over the lines that it has read, and the machine that can do
//! everything goes on from there, so no line is read twice. It has no state, and no say in what a stream means: all that it
//! could get wrong is to take what it should have left.

use super::arena::Lent;
use super::name::{DATA, DATA_SPACE, EVENT, ID};
use crate::scan::{self, BLOCK, CR, LF};
use crate::word::word;

/// The length of the shortest event that is taken: `data:` and two line ends.
pub(super) const SHORTEST: usize = 7;

/// What lies at the front of a chunk.
pub(super) enum Front<'c> {
    /// An event, the byte that ended it, and what is behind that.
    Event(Lent<'c, true>, u8, &'c [u8]),
    /// Lines of an event that is not simple, or not whole, what is behind them, and whether there is no line end in that.
    Lines(Lent<'c, true>, &'c [u8], bool),
}

/// Reads the event at the front of `input`, where a block must start.
#[inline(always)]
pub(super) fn event(input: &[u8]) -> Front<'_> {
    let (mut event_type, mut id, mut data) = (None, None, None);
    let mut rest = input;
    let is_cut = loop {
        let Some((start, line, after)) = scan::split_line_and_word(rest) else { break true };
        if DATA.starts(start) && data.is_none() {
            let Some(value) = value(line, DATA.len) else { break false };
            data = Some(value);
            // What most often follows.
            if let [end @ (LF | CR), after @ ..] = after {
                return Front::Event(Lent { event_type, id, data }, *end, after);
            }
            // Lines have to be joined, elsewhere: no need to look for the end of this one.
            if DATA.starts(word(after)) {
                rest = after;
                break false;
            }
        } else if EVENT.starts(start) && event_type.is_none() {
            event_type = value(line, EVENT.len);
        } else if ID.starts(start) && id.is_none() && !scan::has_nul(line) {
            id = value(line, ID.len);
        } else {
            match rest {
                [b':', ..] => {}
                [end @ (LF | CR), after @ ..] if data.is_some() => {
                    return Front::Event(Lent { event_type, id, data }, *end, after);
                }
                _ => break false,
            }
        }
        rest = after;
    };
    Front::Lines(Lent { event_type, id, data }, rest, is_cut)
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

/// Splits the `data` line at the front of `input` off, as the block with which its value starts, the length of that, and what is
/// behind the line. If it does not end there, or another line comes first, returns how many bytes are known to be of the line.
#[inline(always)]
pub(super) fn data_block(input: &[u8]) -> Result<(&[u8; BLOCK], usize, &[u8]), usize> {
    let front = input.first_chunk::<{ DATA_SPACE.len + BLOCK }>().ok_or(0_usize)?;
    if !DATA_SPACE.starts(word(front)) {
        return Err(0);
    }
    let from_value = input.get(DATA_SPACE.len..).unwrap_or_default();
    scan::split_line_in_block(from_value).map_err(|known| DATA_SPACE.len + known)
}

/// Returns the value of the `data` line at the front of `input`, which may go on another one, and what is behind that line.
/// If there is no line end in `input`, it is what there is of the value, and nothing. So many bytes are `known` to be of the
/// line.
#[inline(always)]
pub(super) fn data_line(known: usize, input: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    if !DATA.starts(word(input)) {
        return None;
    }
    match scan::split_line_beyond(known, input) {
        Some((line, after)) => Some((value(line, DATA.len)?, Some(after))),
        None => Some((value(input, DATA.len)?, None)),
    }
}

/// Returns what there is of the value, if `input` is the front of a `data` line, and there is no line end in it.
#[inline(always)]
pub(super) fn cut_data_line(input: &[u8]) -> Option<&[u8]> {
    if DATA.starts(word(input)) { value(input, DATA.len) } else { None }
}

/// Returns the value of a line whose name and colon are so many bytes.
#[inline(always)]
fn value(line: &[u8], name: usize) -> Option<&[u8]> {
    match line.get(name..)? {
        [b' ', value @ ..] | value => Some(value),
    }
}
