//! What is asked over HTTP.

use crate::answer::Answer;
use sse_wire::client::Policy;
use std::fmt::{self, Display};
use std::time::Duration;
use ureq::http::{self, HeaderMap, HeaderName, HeaderValue, Method, Uri};
use ureq::{Agent, AsSendBody, Error};

/// What the user wants to ask, and how often.
#[derive(Default)]
pub struct Request {
    pub url: String,
    /// Where to begin: empty, or an ID that a header can carry.
    pub last_event_id: String,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body of a POST. Without it, it is a GET.
    pub data: Option<String>,
    pub policy: Policy,
}

/// Asks the same again and again, but for the last event ID.
pub struct Client<'a> {
    agent: Agent,
    url: Uri,
    /// These replace ours.
    headers: HeaderMap,
    data: Option<&'a str>,
}

/// How long to wait for a connection at most.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Clocks are coarse: with so much more, the time that a read was given is over for sure when it returns.
const TICK: Duration = Duration::from_millis(20);

impl<'a> Client<'a> {
    /// Refuses what we cannot follow, before anything is sent.
    pub fn new(request: &'a Request) -> Result<Self, String> {
        let agent = Agent::config_builder()
            // Every status is an answer, and the event source judges it.
            .http_status_as_error(false)
            // A pooled connection may be one that the server has closed long since.
            .max_idle_connections(0)
            // Many a proxy holds back a body until it is complete.
            .proxy(None)
            .build()
            .new_agent();
        let mut headers = HeaderMap::new();
        for (name, value) in &request.headers {
            headers.append(name, value.clone());
        }
        Ok(Self { agent, url: check(&request.url)?, headers, data: request.data.as_deref() })
    }

    /// Sends a request with these headers of the event source, and awaits the response. That, and each read of its body, may
    /// take so many milliseconds.
    pub fn ask<'s>(
        &self,
        of_source: impl Iterator<Item = (&'static str, &'s str)>,
        limit: Option<u32>,
    ) -> Result<Answer, Error> {
        let mut request = http::Request::builder().uri(&self.url);
        let of_body = self.data.map(|_| ("content-type", "application/json"));
        for (name, value) in of_source.chain([("accept-encoding", "identity")]).chain(of_body) {
            if !self.headers.contains_key(name) {
                request = request.header(name, value);
            }
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        match self.data {
            Some(data) => self.send(request.method(Method::POST).body(data)?, limit),
            None => self.send(request.body(())?, limit),
        }
    }

    fn send(&self, request: http::Request<impl AsSendBody>, limit: Option<u32>) -> Result<Answer, Error> {
        let limit = limit.map(|ms| Duration::from_millis(ms.into()));
        let connect = limit.map_or(CONNECT_TIMEOUT, |limit| limit.min(CONNECT_TIMEOUT));
        let request = self
            .agent
            .configure_request(request)
            .timeout_resolve(Some(connect))
            .timeout_connect(Some(connect))
            .timeout_send_request(limit)
            .timeout_recv_response(limit)
            .timeout_per_read(limit.map(|limit| limit + TICK))
            .build();
        self.agent.run(request).map(Answer::new)
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
