//! Reads `tests/vectors/vectors.jsonl`, whose schema is in the README beside it.

use serde_json::Value;

pub struct Vector {
    pub name: String,
    pub section: String,
    /// Which decision of ours the result rests on, where the standard leaves it open.
    pub decision: Option<String>,
    pub valid_utf8: bool,
    pub stream: Vec<u8>,
    pub events: Vec<Expected>,
    pub comments: Vec<String>,
    pub last_event_id: String,
    pub retry: Option<u64>,
    pub mid_line: bool,
    pub mid_event: bool,
    pub unfinished: Option<Expected>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Expected {
    pub event_type: String,
    pub data: String,
    pub last_event_id: String,
    pub id: Option<String>,
    /// Not of an unfinished event.
    pub at: Option<usize>,
}

pub fn all() -> Vec<Vector> {
    include_str!("../vectors/vectors.jsonl").lines().map(vector).collect()
}

/// The streams that are short enough to be read at every pair of cuts.
pub fn short() -> impl Iterator<Item = Vector> {
    all().into_iter().filter(|vector| vector.stream.len() <= 80)
}

fn vector(line: &str) -> Vector {
    let value: Value = serde_json::from_str(line).unwrap();
    let stream = match (value.get("stream"), value.get("hex")) {
        (Some(text), None) => string(text).into_bytes(),
        (None, Some(hex)) => unhex(&string(hex)),
        _ => panic!("either stream or hex: {line}"),
    };
    Vector {
        name: string(&value["name"]),
        section: string(&value["section"]),
        decision: optional(&value["decision"]),
        valid_utf8: value["valid_utf8"].as_bool().unwrap(),
        stream,
        events: value["events"].as_array().unwrap().iter().map(expected).collect(),
        comments: value["comments"].as_array().unwrap().iter().map(string).collect(),
        last_event_id: string(&value["last_event_id"]),
        retry: optional(&value["retry"]).map(|retry| retry.parse().unwrap()),
        mid_line: value["mid_line"].as_bool().unwrap(),
        mid_event: value["mid_event"].as_bool().unwrap(),
        unfinished: (!value["unfinished"].is_null()).then(|| expected(&value["unfinished"])),
    }
}

fn expected(event: &Value) -> Expected {
    Expected {
        event_type: string(&event["type"]),
        data: string(&event["data"]),
        last_event_id: string(&event["last_event_id"]),
        id: optional(&event["id"]),
        at: event.get("at").map(|at| usize::try_from(at.as_u64().unwrap()).unwrap()),
    }
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a string: {value}")).to_string()
}

fn optional(value: &Value) -> Option<String> {
    (!value.is_null()).then(|| string(value))
}

fn unhex(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}
