//! What is asked over HTTP, and what the answer means.

use crate::print::notice;
use sse_wire::{Text, headers};
use std::fmt::{self, Display};
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};
use ureq::http::header::{ACCEPT_ENCODING, AsHeaderName, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use ureq::http::{self, HeaderName, HeaderValue, Method, Response, StatusCode, Uri};
use ureq::{Agent, Body, BodyReader, Error};

/// What the user wants to ask.
#[derive(Default)]
pub struct Request {
    pub url: String,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body of a POST. Without it, it is a GET.
    pub data: Option<String>,
    /// Do not ask again when the answer has ended.
    pub once: bool,
}

/// What a server can answer.
pub enum Answer {
    /// The event stream.
    Open(BodyReader<'static>),
    /// "Do not reconnect."
    Stop,
    /// Anything else, which is final.
    Refused(String),
}

/// Asks the same again and again, but for the last event ID.
pub struct Client<'a> {
    agent: Agent,
    url: Uri,
    headers: HeaderMap,
    data: Option<&'a str>,
}

/// How long to wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

impl<'a> Client<'a> {
    /// Refuses what we cannot follow, before anything is sent.
    pub fn new(request: &'a Request) -> Result<Self, String> {
        let agent = Agent::config_builder()
            // Every status is an answer, and we judge it.
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            // A pooled connection may be one that the server has closed long since.
            .max_idle_connections(0)
            // Many a proxy holds back a body until it is complete.
            .proxy(None)
            .build()
            .new_agent();
        let mut headers = HeaderMap::new();
        for (name, value) in headers::request(Text::default()) {
            headers.insert(
                HeaderName::from_static(name),
                HeaderValue::from_str(value).map_err(|error| error.to_string())?,
            );
        }
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if request.data.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        for (name, _) in &request.headers {
            headers.remove(name);
        }
        for (name, value) in &request.headers {
            headers.append(name, value.clone());
        }
        Ok(Self { agent, url: check(&request.url)?, headers, data: request.data.as_deref() })
    }

    /// Asks for what follows this ID. The error says why there is no answer.
    pub fn ask(&self, last_event_id: Text<'_>) -> Result<Answer, String> {
        let mut request = http::Request::builder().uri(&self.url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        match headers::request(last_event_id).find(|(name, _)| *name == headers::LAST_EVENT_ID) {
            Some((name, id)) => request = request.header(name, id),
            None if last_event_id.is_empty() => {}
            // An ID can be any line of text, a header less: HTTP would refuse it, or lose a space at its end.
            None => {
                notice(format_args!("the last event ID {last_event_id:?} cannot stand in a header: asking without it"))
            }
        }
        let response = match self.data {
            Some(data) => request.method(Method::POST).body(data).map(|request| self.agent.run(request)),
            None => request.body(()).map(|request| self.agent.run(request)),
        };
        match response.map_err(Error::from) {
            Ok(Ok(response)) => Ok(judge(response)),
            Ok(Err(error)) | Err(error) => Err(reason(&error)),
        }
    }
}

/// Shows the URL without what may be secret: user, password and query.
impl Display for Client<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.url.authority().map_or("", |authority| authority.as_str());
        let place = place.rsplit('@').next().unwrap_or_default();
        write!(f, "http://{place}{}", self.url.path())
    }
}

/// Shows what should be a URL. If it is none, nobody knows where a secret in it begins or ends.
pub fn shown(text: &str) -> String {
    if text.contains(['@', '?', '#']) { "the URL".to_owned() } else { format!("{text:?}") }
}

fn check(text: &str) -> Result<Uri, String> {
    let shown = shown(text);
    let url: Uri = text.parse().map_err(|_| format!("{shown} is not an http URL"))?;
    match (url.scheme_str(), url.authority()) {
        // A port that is no port would be taken for none at all.
        (Some(_), Some(place)) if place.port().is_none() && !place.as_str().ends_with(place.host()) => {
            Err(format!("{shown}: the port is no number up to 65535"))
        }
        (Some("https"), _) => Err(format!("{shown}: this example has no TLS, but `curl -N URL | tail -` has")),
        (Some("http"), Some(_)) => Ok(url),
        _ => Err(format!("{shown} is not an http URL")),
    }
}

fn judge(response: Response<Body>) -> Answer {
    let status = response.status();
    let values: Vec<_> = response.headers().get_all(CONTENT_TYPE).iter().map(HeaderValue::as_bytes).collect();
    let content_type = values.join(&b", "[..]);
    let content_type = Text::new(&content_type);
    let encoding = Text::new(header(&response, CONTENT_ENCODING));
    let is_encoded = !encoding.is_empty() && !encoding.as_bytes().eq_ignore_ascii_case(b"identity");

    let why = match status {
        StatusCode::NO_CONTENT => return Answer::Stop,
        StatusCode::OK if !headers::is_event_stream(content_type.as_bytes()) => {
            format!("not an event stream: its content type is {content_type:?}")
        }
        StatusCode::OK if is_encoded => {
            format!("the server has encoded the stream ({encoding:?}), and this example decodes nothing")
        }
        StatusCode::OK => return Answer::Open(response.into_body().into_reader()),
        status => format!("the server answered {status}"),
    };
    // The body often says more.
    let lines = if is_encoded { Vec::new() } else { first_lines(response.into_body().into_reader()) };
    Answer::Refused([vec![why], lines].concat().join("\n"))
}

fn header(response: &Response<Body>, name: impl AsHeaderName) -> &[u8] {
    response.headers().get(name).map_or(b"", |value| value.as_bytes().trim_ascii())
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

/// Says why there is no answer, in words for a user.
fn reason(error: &Error) -> String {
    match error {
        Error::Io(error) => return io_reason(error),
        Error::HostNotFound => "there is no such host",
        Error::Timeout(_) => "no connection within 10 seconds",
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
    if let Some(error) = error.get_ref().and_then(|error| error.downcast_ref::<Error>()) {
        return reason(error);
    }
    if error.kind() == ErrorKind::UnexpectedEof {
        return "the server closed the connection".to_owned();
    }
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}
