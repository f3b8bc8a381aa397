//! Event IDs: a client that was cut off comes back with its last one, and misses nothing.

use super::System;
use crate::hub::{Hub, Kind};
use crate::seats::{Order, StreamRequest};
use crate::site::{Site, now};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::json;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub const SYSTEM: System = System {
    name: "resume",
    title: "Resume",
    about: "Cut the line, restart the server: with an ID on every event nothing is missing, and nothing comes twice.",
    stream: "/resume/events",
    page: include_str!("../../pages/resume.html"),
    router,
};

fn router(site: &Arc<Site>) -> Router<Arc<Site>> {
    let hub = Hub::new(site, Kind { events: 64, ..Kind::default() });
    let forgets = Arc::new(AtomicBool::new(false));
    tokio::spawn(count(hub.clone(), forgets.clone()));
    let (cut, restart) = (hub.clone(), hub.clone());
    Router::new()
        .route("/resume/events", hub.route())
        // Cuts the clients of this name off, in the middle of their next event.
        .route("/resume/cut", post(async move |request: StreamRequest| {
            cut.seats.order(Some(&request.name), Order::Cut).to_string()
        }))
        // Cuts all clients off, and comes back after `away` milliseconds, with or without history.
        .route("/resume/restart", post(async move |Query(query): Query<HashMap<String, String>>| {
            let away = query.get("away").and_then(|away| away.parse().ok()).unwrap_or(1000).min(10_000);
            let keep_history = !query.contains_key("forget");
            forgets.store(!keep_history, Ordering::Relaxed);
            tokio::spawn(async move { restart.restart(false, keep_history, Duration::from_millis(away)).await });
            StatusCode::ACCEPTED
        }))
}

/// Counts, ten times a second, also while the server is away. What it could not say then it says on the server's return,
/// unless that has forgotten everything.
async fn count(hub: Arc<Hub>, forgets: Arc<AtomicBool>) {
    let (mut waiting, mut clock) = (VecDeque::new(), tokio::time::interval(Duration::from_millis(100)));
    for n in 1_u64.. {
        clock.tick().await;
        waiting.push_back(json!({ "n": n, "at": now() }));
        // Nobody stays away for longer than ten seconds.
        while let Some(next) = waiting.front() {
            if waiting.len() > 1 && !hub.is_away() && forgets.swap(false, Ordering::Relaxed) {
                waiting.drain(..waiting.len() - 1);
            } else if hub.push_json(None, next).is_ok() {
                waiting.pop_front();
            } else {
                break;
            }
        }
    }
}
