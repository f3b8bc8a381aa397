//! The run as a picture: one panel for each corpus, each with a scale of its own, since the corpora lie far apart.

use crate::common::corpora::NAMES;
use crate::results::Results;
use std::fmt::Write;

/// Who is shown, from top to bottom, and as what.
const BARS: [(&str, &str, &str); 7] = [
    ("next", "sse-wire", "ours"),
    ("next+to_str", "as checked str", "also"),
    ("sse-core", "sse-core", "peer"),
    ("sse-stream", "sse-stream", "peer"),
    ("sseer", "sseer", "peer"),
    ("sse-parse", "sse-parse", "peer"),
    ("eventsource-stream", "eventsource-stream", "peer"),
];

/// What the panels are called.
const TITLES: [(&str, &str); 9] = [
    ("openai", "LLM deltas, OpenAI"),
    ("anthropic", "LLM deltas, Anthropic"),
    ("ticker", "ticker with IDs"),
    ("crlf", "ticker with IDs, CRLF"),
    ("unicode", "text that is not ASCII"),
    ("tiny", "one byte of data"),
    ("heartbeat", "heartbeats"),
    ("log", "events of 20 lines"),
    ("long", "lines of 64 KiB"),
];

const SIZE: &str = "16384";
const MARGIN: f64 = 20.0;
const HEADER: f64 = 64.0;
const PANEL: (f64, f64) = (276.0, 168.0);
const NAMES_WIDTH: f64 = 124.0;
const BARS_WIDTH: f64 = 104.0;
const STEP: f64 = 18.0;

const STYLE: &str = "
  text { font: 11px system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; fill: #1f2328 }
  .page { fill: #ffffff; stroke: #d1d9e0 } .title { font-size: 16px; font-weight: 600 } .panel { font-size: 12px; font-weight: 600 }
  .muted { fill: #59636e } .end { text-anchor: end } .strong { font-weight: 600 }
  .ours { fill: #0969da } .also { fill: #80b3ee } .peer { fill: #b4bdc8 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .page { fill: #0d1117; stroke: #30363d } .muted { fill: #9198a1 }
    .ours { fill: #4493f8 } .also { fill: #29578f } .peer { fill: #4b535d }
  }
";

pub fn chart(date: &str, results: &Results) -> String {
    let width = 2.0 * MARGIN + 3.0 * PANEL.0;
    let height = HEADER + 3.0 * PANEL.1 + MARGIN / 2.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\">\n\
         <title>Reading speed of sse-wire and its peers by corpus</title>\n<style>{STYLE}</style>\n\
         <rect class=\"page\" x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" rx=\"8\"/>\n",
        width - 1.0,
        height - 1.0
    );
    let subtitle = format!(
        "Chunks of 16 KiB, each panel with a scale of its own. {date}, {}, {}",
        results.about("machine"),
        results.about("rustc").split(" (").next().unwrap_or_default()
    );
    text(&mut svg, "title", MARGIN, 32.0, "Reading Server-Sent Events, GB/s");
    text(&mut svg, "muted", MARGIN, 50.0, &subtitle);
    for (number, (name, _)) in NAMES.iter().enumerate() {
        let x = MARGIN + PANEL.0 * (number % 3) as f64;
        let y = HEADER + PANEL.1 * (number / 3) as f64;
        panel(&mut svg, results, name, x, y);
    }
    svg + "</svg>\n"
}

fn panel(svg: &mut String, results: &Results, corpus: &str, x: f64, y: f64) {
    let title = TITLES.iter().find(|(name, _)| *name == corpus).map_or(corpus, |(_, title)| title);
    text(svg, "panel", x, y + 18.0, title);
    let speeds = BARS.map(|(name, ..)| results.speed("read", corpus, SIZE, name).unwrap_or(0.0));
    let most = speeds.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    for (number, ((_, label, class), speed)) in BARS.iter().zip(speeds).enumerate() {
        let y = y + 26.0 + STEP * number as f64;
        let width = (BARS_WIDTH * speed / most).max(1.0);
        let (left, weight) = (x + NAMES_WIDTH, if *class == "ours" { "strong" } else { "muted" });
        text(svg, &format!("end {weight}"), left - 6.0, y + 11.0, label);
        _ = writeln!(
            svg,
            "<rect class=\"{class}\" x=\"{left}\" y=\"{y}\" width=\"{width:.1}\" height=\"14\" rx=\"2\"/>"
        );
        let value = if speed < 10.0 { format!("{speed:.2}") } else { format!("{speed:.1}") };
        text(svg, weight, left + width + 5.0, y + 11.0, &value);
    }
}

fn text(svg: &mut String, class: &str, x: f64, y: f64, text: &str) {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    _ = writeln!(svg, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{text}</text>");
}
