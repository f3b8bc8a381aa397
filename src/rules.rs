//! The rules of the event stream format, numbered, for everything in this crate that cites them.
//!
//! They are a digest of the section "Server-sent events" of the [WHATWG HTML Living Standard][standard], as of March 2026.
//! Where the standard leaves a question open, our answer stands here, marked as a decision. The first nine sections say what
//! a stream means and how a client treats it. The last three are not from the standard: what servers should know, what other
//! programs get wrong, and what fits into limited memory.
//!
//! The module holds no code.
//!
//! [standard]: https://html.spec.whatwg.org/multipage/server-sent-events.html
//!
//! # 1 Grammar
//!
//! * A stream is an optional byte order mark (U+FEFF) and then any number of events.
//! * An event is any number of comment and field lines, closed by a blank line.
//! * A comment is a colon, any text without CR or LF, and a line end.
//! * A field is a name of at least one character, then optionally a value, then a line end. A value is a colon, one optional
//!   space (U+0020) that does not count, and any text without CR or LF.
//! * A name can hold every character but CR, LF and the colon. NUL, tab, space, DEL and U+FEFF are allowed in names, which
//!   makes the name an unknown one, and in values.
//! * A line ends with CR LF, with a CR alone, or with an LF alone, and with nothing else: U+0085, U+2028, U+2029, the
//!   vertical tab and the form feed are ordinary characters.
//! * The encoding is always UTF-8.
//!
//! Every string of bytes has a meaning under these rules, so **a stream cannot be malformed**, and a parser has no errors to
//! report.
//!
//! # 2 Decoding
//!
//! * One byte order mark (the bytes EF BB BF) at the very start is dropped, even if each byte comes in a chunk of its own. A
//!   second mark, or one further on, belongs to the text around it.
//! * EF or EF BB at the start, followed by another byte, is no mark. It begins an unknown field name, so its line has no
//!   effect.
//! * Malformed bytes are read as U+FFFD: one for each maximal part, that is for the longest row of bytes that could have
//!   begun a character, or else for a single byte.
//!
//! A parser can split the bytes first and decode each value later, and gets the same text as from the opposite order. All
//! that it looks for is ASCII (CR, LF, colon, space, NUL, digits), and a malformed sequence never takes in an ASCII byte
//! that follows. An overlong form of LF or NUL is a malformed sequence, and neither LF nor NUL.
//!
//! # 3 Lines
//!
//! * A CR ends its line **at once**. If an LF comes next, it belongs to the CR, in whatever chunk it arrives, and however
//!   many empty chunks come before it. A parser that waits for the byte after a CR delivers an event too late.
//! * A CR that is the last byte of the stream has ended its line.
//! * A last line without a line end is no line. It has no effect, not even as a `retry`.
//!
//! # 4 State
//!
//! * For one connection, a client keeps a data buffer, an event type buffer and a last event ID buffer. All of them start
//!   empty, but see the decision below.
//! * Over all connections, it keeps the reconnection time in milliseconds and the last event ID string, which is empty at
//!   first.
//! * Decision: a new connection starts with the last event ID string in its last event ID buffer, as in browsers. By the
//!   letter of the standard the buffer would be empty.
//!
//! # 5 What a line is
//!
//! The first of these that applies:
//!
//! 1. An empty line dispatches the event ([section 7](#7-dispatch)).
//! 2. A line that starts with a colon is a comment. It has no effect.
//! 3. A line with a colon is a field. The name is what comes before the first colon. The value is what comes after it,
//!    without its first character if that is a space. A tab is kept, so is a second space, and nothing is taken from the
//!    end.
//! 4. Any other line is a field with an empty value, and all of the line is its name.
//!
//! # 6 Fields
//!
//! Names are compared byte for byte: upper case is not lower case, and nothing is trimmed.
//!
//! * `event` replaces what the event type buffer holds. So the last one counts, and an empty one brings the default type
//!   back.
//! * `data` appends the value and then an LF to the data buffer.
//! * `id` replaces what the last event ID buffer holds, unless the value has a NUL in it: then the line is ignored. An empty
//!   value is valid and leaves the connection without an ID.
//! * `retry` sets the reconnection time **at once**, whatever becomes of its block, if the value is one or more ASCII digits
//!   and nothing else. A sign, a space or a fraction makes it void; leading zeros do not. Decisions: an empty value is
//!   ignored, and a number above `u64::MAX` counts as `u64::MAX`.
//! * A field of any other name is ignored, and does not make an event of its block.
//!
//! # 7 Dispatch
//!
//! A blank line does this, in this order:
//!
//! 1. It copies the last event ID buffer to the last event ID string. This always happens, so a block with nothing but an
//!    `id` delivers no event and still moves the last event ID.
//! 2. If the block had no `data` line, it clears the data buffer and the event type buffer, and stops. So a type never
//!    reaches the next block.
//! 3. It takes one LF off the end of the data, and no more.
//! 4. It delivers the event. Its type is the event type buffer, or `message` if that is empty. Its last event ID is the
//!    string, which may come from an earlier block.
//! 5. It clears the data buffer and the event type buffer.
//!
//! A block without a `data` line is not a block with empty data: `data` or `data:` alone **is delivered**, as an event with
//! empty data. Two such lines make data of one LF.
//!
//! # 8 End of stream
//!
//! The end of a stream discards the block in progress. Its `id` was never copied, so it must not be used to reconnect. Its
//! `retry` has taken effect.
//!
//! Many servers for language models leave out the last blank line. Users of such servers may ask for the unfinished event,
//! but it is never delivered unasked: [`Unfinished`](crate::Unfinished).
//!
//! # 9 Connection
//!
//! * A request is a GET unless the caller wants another, bypasses the cache (`no-store`), and has the header `Accept:
//!   text/event-stream`. If the last event ID string is not empty, the request has it as `Last-Event-ID`, in UTF-8.
//! * A response with the status 200 and the media type `text/event-stream`, in upper or lower case and with any parameters,
//!   opens the connection. The redirects 301, 302, 303, 307 and 308 are followed. Any other response **fails the connection
//!   for good**. A server uses 204 to tell its clients to stop.
//! * When the body ends or the network fails, the client **connects again**: it waits for the reconnection time, or longer
//!   if it likes (exponential back-off), and sends the next request.
//! * The states of a client are CONNECTING (0), OPEN (1) and CLOSED (2). It never leaves the last one.
//! * A last event ID is any UTF-8 without NUL, CR and LF. Not every such text can stand in an HTTP header: control
//!   characters cannot, and a space at either end gets lost. A client leaves such an ID out or refuses it, but never sends
//!   it as it is. Browsers do send control characters. The server then answers 400, and the browser gives up for good. See
//!   [`EventId::is_header_safe`](crate::EventId::is_header_safe).
//!
//! # 10 Servers
//!
//! Keeping a connection:
//!
//! * Proxies cut idle connections. A comment every 15 seconds or so prevents that.
//! * A client stays in CONNECTING until the first byte arrives, so send one at once.
//! * **A comment goes out without a blank line** if nothing else is in its block: `:` and an LF, not two LFs. The packages
//!   openai and anthropic for Python, httpx-sse and fetch-event-source deliver a block without data as an empty event, and
//!   the first one then fails to read JSON. All 13 decoders that we tried read a comment without a blank line well, between
//!   the lines of a block, too. A client that splits the stream by hand, at each pair of LFs, keeps it until the next event,
//!   which does no harm.
//! * For the same reason, a block that only sets an `id` or a `retry` is only for clients known to follow the rules, such as
//!   browsers.
//! * A comment that is put into **a stream that somebody else writes** may stand neither within a line, nor before or within
//!   a byte order mark that is passed on, nor directly after a CR: if the LF that belongs to the CR follows, it becomes a
//!   blank line.
//! * Never write a `retry` above 2147483647. Clients on Node connect again at once then, hundreds of times a second.
//!
//! Headers:
//!
//! * `Content-Type: text/event-stream`, and `Cache-Control` with `no-transform` and with `no-store` or `no-cache`.
//! * `X-Accel-Buffering: no`, so that nginx does not hold events back.
//! * `Connection: keep-alive` belongs to HTTP/1.1 only.
//!
//! Writing events:
//!
//! * Write `data: ` with the space. Without it, data that starts with a space loses it, as the tokens of language models do.
//! * Write `event`, `id` and `retry` **before** `data`. Whoever passes data on as it arrives needs them first.
//! * A CR, an LF and a CR LF in data are **one** line break each, also when the CR and the LF come in two writes. The format
//!   cannot carry a CR.
//! * Data that ends with a line break needs an empty `data` line at its end, or loses the break. Empty data is one empty
//!   `data` line, and is delivered. No data is no `data` line, and delivers nothing. So an interface needs two calls.
//! * An event type or an ID with a CR or an LF, and an ID with a NUL, must be impossible or an error with a type. To panic,
//!   or to strip the character in silence, is wrong. (In 2026 a dozen servers had reports of this weakness, CWE-93.)
//!
//! # 11 Known deviations
//!
//! Browsers:
//!
//! * Blink loses the line after a byte order mark that is directly followed by an LF or by a CR alone. An empty `retry`
//!   brings back its default time.
//! * Gecko drops NULs from values, and loses the next line after an `id` with a NUL. It forgets the `id` of a block without
//!   data, and keeps only 32 bits of a `retry`.
//!
//! Libraries, each in more than one of them:
//!
//! * A CR LF cut in two counts as two line ends, perhaps only if an empty chunk lies between.
//! * A CR alone does not end a line, or the event is held back until the next byte.
//! * A block with only an `id` or a `retry` has no effect, or a block without data is delivered.
//! * `event` without a colon does not bring the default type back. `+5` passes for a `retry`.
//! * A second byte order mark is dropped, or one at the start of every line.
//! * A line that is not UTF-8 gives an error and then an event without that line.
//! * The first event without an ID erases the ID that the program had set.
//! * A long line in small chunks takes quadratic time.
//!
//! # 12 Limited memory
//!
//! The standard knows no limit, so all of this is decision. How a program meets it is told at
//! [`Parser`](crate::Parser#memory).
//!
//! * What an event needs is the sum of these lengths in bytes: the last event ID before it, the value of each of its
//!   `event`, `id` and `data` lines, and one for each line break between two `data` lines. Values without effect count, too:
//!   a type or an ID that a later line replaces, an ID with a NUL. Comments, `retry` lines and unknown fields need nothing.
//!   The event fits exactly if the sum is at most the size of the buffer.
//! * An event that does not fit is reported once, at its blank line, with its sum. A buffer of that size would have
//!   delivered it, after an equal last event ID. The next event is read as usual.
//! * The `retry` of such an event takes effect. Its ID does, too, if the last event ID and the values of all its `id` lines
//!   fit together. If they do not, the last event ID stays as it was, and the report says so. A block without data is
//!   reported in this case only, with the sum of its IDs.
//! * At the end of the stream, a line without a line end counts with what has arrived of its value. The line break before a
//!   `data` line counts from the first byte of its value on, or else from its line end on.
//! * If the program sets the last event ID within a block, the longer one of the new ID and the one that it replaces counts.
//!   The ID is refused if the sum would then be more than the size of the buffer. In a block that is lost already, only the
//!   sum of the IDs counts for that.
