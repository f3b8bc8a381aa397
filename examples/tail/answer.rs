//! What came over HTTP, and what it means to a user.

use sse_wire::{Text, client};
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};
use ureq::http::header::{AsHeaderName, CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use ureq::http::{HeaderValue, Response, StatusCode};
use ureq::{Body, BodyReader, Error, Timeout};

pub struct Answer {
    response: Response<Body>,
    content_type: Vec<u8>,
}

impl Answer {
    pub fn new(response: Response<Body>) -> Self {
        let values: Vec<_> = response.headers().get_all(CONTENT_TYPE).iter().map(HeaderValue::as_bytes).collect();
        Self { content_type: values.join(&b", "[..]), response }
    }

    /// Returns what of it counts for an event source.
    pub fn head(&self) -> client::Response<'_> {
        client::Response {
            status: self.response.status().as_u16(),
            content_type: &self.content_type,
            retry_after: self.header(RETRY_AFTER),
        }
    }

    /// Returns how the body is encoded, if it is. This example decodes nothing.
    pub fn encoding(&self) -> Option<Text<'_>> {
        let encoding = self.header(CONTENT_ENCODING);
        (!encoding.is_empty() && !encoding.eq_ignore_ascii_case(b"identity")).then(|| Text::new(encoding))
    }

    pub fn into_body(self) -> BodyReader<'static> {
        self.response.into_body().into_reader()
    }

    /// Says what it is instead of an event stream.
    pub fn what(&self) -> String {
        match self.response.status() {
            StatusCode::OK => {
                format!("not an event stream: its content type is {:?}", Text::new(&self.content_type))
            }
            status => format!("the server answered {status}"),
        }
    }

    /// Says it with the first lines of the body, which often says more.
    pub fn what_in_full(self) -> String {
        let mut lines = vec![self.what()];
        if self.encoding().is_none() {
            lines.extend(first_lines(self.into_body()));
        }
        lines.join("\n")
    }

    fn header(&self, name: impl AsHeaderName) -> &[u8] {
        self.response.headers().get(name).map_or(b"", |value| value.as_bytes().trim_ascii())
    }
}

/// Reads the first lines of a body, as far as they come soon: it may have no end.
fn first_lines(body: BodyReader<'static>) -> Vec<String> {
    const LINES: usize = 8;
    const CHARS: usize = 200;
    const BYTES: u64 = 8192;
    const PATIENCE: Duration = Duration::from_secs(2);

    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(body.take(BYTES)).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(line.trim_ascii_end());
            let shown: String = line.chars().take(CHARS).collect();
            let more = if shown.len() < line.len() { "…" } else { "" };
            if sender.send(shown + more).is_err() {
                break;
            }
        }
    });
    let deadline = Instant::now() + PATIENCE;
    let next = || receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())).ok();
    let mut lines: Vec<_> = std::iter::from_fn(next).take(LINES + 1).collect();
    if lines.len() > LINES {
        lines[LINES] = "…".to_owned();
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Whether the same request would come to nothing again, however long we wait.
pub const fn is_hopeless(error: &Error) -> bool {
    matches!(error, Error::TooManyRedirects | Error::TlsRequired | Error::BadUri(_) | Error::RedirectFailed)
}

/// Says why there is no answer, in words for a user.
pub fn reason(error: &Error) -> String {
    match error {
        Error::Io(error) => return io_reason(error),
        Error::HostNotFound => "there is no such host",
        Error::Timeout(Timeout::Resolve | Timeout::Connect) => "no connection in time",
        Error::Timeout(_) => "no response in time",
        Error::TooManyRedirects => "too many redirects",
        Error::TlsRequired => "the server redirects to https, and this example has no TLS",
        Error::BadUri(_) | Error::RedirectFailed => "the server redirects to where we cannot go",
        Error::Protocol(_) | Error::LargeResponseHeader(..) => "the answer breaks the rules of HTTP",
        _ => "the request failed",
    }
    .to_owned()
}

/// Says why something cannot be read or written, without the number that the system has for it.
pub fn io_reason(error: &io::Error) -> String {
    if let Some(error) = inner(error) {
        return reason(error);
    }
    if error.kind() == ErrorKind::UnexpectedEof {
        return "the server closed the connection".to_owned();
    }
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

/// Whether a read has come to nothing only because its time was over.
pub fn is_timeout(error: &io::Error) -> bool {
    matches!(inner(error), Some(Error::Timeout(_)))
}

/// Returns the error of the HTTP library, if it was one.
fn inner(error: &io::Error) -> Option<&Error> {
    error.get_ref()?.downcast_ref()
}
