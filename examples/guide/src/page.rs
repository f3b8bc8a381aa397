//! The pages, put together from the shell and the systems' own parts. Everything is in the program.

use crate::security;
use crate::site::Site;
use crate::systems::{SYSTEMS, System};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use std::sync::Arc;

const SHELL: &str = include_str!("../pages/shell.html");
const INDEX: &str = include_str!("../pages/index.html");
const STYLE: &str = include_str!("../pages/shell.css");
const SCRIPT: &str = include_str!("../pages/shell.js");

/// Returns the whole site.
pub fn router(site: &Arc<Site>) -> Router {
    let mut router = Router::new()
        .route("/", get(index))
        .route("/shell.css", get(|| text("text/css; charset=utf-8", STYLE.to_owned())))
        .route("/shell.js", get(|| text("text/javascript; charset=utf-8", SCRIPT.to_owned())))
        .route(
            "/systems",
            get(|| text("text/plain", SYSTEMS.iter().map(|system| system.name.to_owned() + "\n").collect())),
        );
    if site.options.report {
        router = router.route("/report/{name}", post(report));
    }
    for system in SYSTEMS {
        router = router.route(&format!("/{}", system.name), get(|| page(system))).merge((system.router)(site));
    }
    // What a system adds may lift this limit for its own routes.
    router
        .layer(DefaultBodyLimit::max(8 << 10))
        .layer(middleware::from_fn_with_state(site.clone(), security::guard))
        .with_state(site.clone())
}

async fn text(media_type: &'static str, text: String) -> Response {
    ([(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "no-cache")], text).into_response()
}

/// Prints what a page has seen: the browser's run reads it.
async fn report(Path(name): Path<String>, State(_): State<Arc<Site>>, report: String) -> StatusCode {
    println!("report {} {}", name.escape_default(), report.replace(['\r', '\n'], " "));
    StatusCode::NO_CONTENT
}

async fn page(system: &'static System) -> Response {
    render(system.title, system.about, system.name, system.stream, system.page)
}

async fn index() -> Response {
    let tile = |system: &System| {
        format!("<li><a href=\"/{}\"><b>{}</b><span>{}</span></a></li>\n", system.name, system.title, system.about)
    };
    let tiles: String = SYSTEMS.iter().map(tile).collect();
    render(
        "Server-Sent Events, running",
        "Every system of the guide, live, to watch and to break.",
        "",
        "",
        &INDEX.replace("{tiles}", &tiles),
    )
}

/// Only scripts and styles with the nonce of this response run, so an event that holds a script does nothing.
fn render(title: &str, about: &str, name: &str, stream: &str, body: &str) -> Response {
    let nonce = security::secret();
    let links = SYSTEMS.iter().map(|system| {
        let current = if system.name == name { " aria-current=\"page\"" } else { "" };
        format!("<a href=\"/{}\"{current}>{}</a>\n", system.name, system.title)
    });
    let html = SHELL
        .replace("{links}", &links.collect::<String>())
        .replace("{title}", title)
        .replace("{about}", about)
        .replace("{name}", name)
        .replace("{stream}", stream)
        .replace("{body}", body)
        .replace("<script", &format!("<script nonce=\"{nonce}\""))
        .replace("<style", &format!("<style nonce=\"{nonce}\""));
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; \
         connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
    ];
    (headers, html).into_response()
}
