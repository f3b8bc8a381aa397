//! What every request must pass, and what every response says.

use crate::site::Site;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// A page that a stranger's name leads here (DNS rebinding) has that name as its Host. A form on a stranger's page has the
/// stranger's Origin. Both are refused.
pub async fn guard(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let host = only(request.headers(), header::HOST).or(request.uri().authority().map(|host| host.as_str()));
    let mut response = match host.map(str::to_ascii_lowercase) {
        Some(host) if is_allowed(&site, &host) => {
            if *request.method() == Method::GET || *request.method() == Method::HEAD || is_own(request.headers(), &host)
            {
                next.run(request).await
            } else {
                (StatusCode::FORBIDDEN, "this request comes from another site\n").into_response()
            }
        }
        _ => (StatusCode::MISDIRECTED_REQUEST, "this host is not served here; see --host\n").into_response(),
    };
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
    ];
    for (name, value) in fixed {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Origin"));
    response
}

/// Returns whether a request that may change something comes from a page of this host, or from no page at all: browsers
/// name the origin in every such request, programs such as curl do not.
fn is_own(headers: &HeaderMap, host: &str) -> bool {
    let is_same_site = headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin");
    if !headers.contains_key(header::ORIGIN) {
        return is_same_site;
    }
    let origin = only(headers, header::ORIGIN).unwrap_or("null").to_ascii_lowercase();
    is_same_site && ["http://", "https://"].iter().any(|scheme| origin.strip_prefix(scheme) == Some(host))
}

fn is_allowed(site: &Site, host: &str) -> bool {
    let port = site.address.port();
    host == site.address.to_string()
        || ["localhost", "127.0.0.1", "[::1]"].iter().any(|name| host == format!("{name}:{port}"))
        || site.options.hosts.iter().any(|name| host == name)
}

/// Returns a header that is there exactly once.
fn only(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Returns 128 random bits as text, for what nobody may guess.
pub fn secret() -> String {
    let mut bytes = [0; 16];
    // Without random numbers there are no secrets, and without these nothing may be served.
    getrandom::fill(&mut bytes).expect("the operating system gives random numbers");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
