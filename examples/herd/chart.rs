//! Draws the connects of each second: a row for each kind of client, a column for each scenario, and one scale for all.
//!
//! The picture stands in a page of documentation, too. There it takes the colours of the page, for its own apply only where
//! it is alone; and it has no blank line, where Markdown would take it for over.

use super::report::{self, grouped};
use super::simulation::{Outcome, Second};
use super::{CLIENTS, Outcomes, Scenario};
use std::fmt::{Display, Write};

// All measures are in pixels.
const MARGIN: i32 = 14;
const PLOT_WIDTH: i32 = 226;
const PLOT_HEIGHT: i32 = 76;
/// From one plot to the next.
const COLUMN: i32 = PLOT_WIDTH + 28;
const ROW: i32 = PLOT_HEIGHT + 84;
/// The left end of the first plots, and the foot of the first and of the last.
const LEFT: i32 = MARGIN + 44;
const FOOT: i32 = MARGIN + 240;
const LAST_FOOT: i32 = FOOT + (CLIENTS.len() as i32 - 1) * ROW;
const WIDTH: i32 = LEFT + 3 * COLUMN - 28 + MARGIN;
const HEIGHT: i32 = LAST_FOOT + 34 + MARGIN;

/// One colour for each kind of client: light enough for a dark page, and dark enough for a light one.
const COLOURS: [&str; CLIENTS.len()] = ["#d9622b", "#9a6ee0", "#2f81f7"];

/// The page's, where there is one. In a page, the root is another element.
const STYLE: &str = "svg:root{color:#1f2328;background:#fff}\
     @media (prefers-color-scheme:dark){svg:root{color:#e6edf3;background:#0d1117}}";
const FONTS: &str = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";

// How text looks.
const TITLE: &str = r#"font-size="16" font-weight="600""#;
const HEADING: &str = r#"font-size="12" font-weight="600""#;
const STRONG: &str = r#"font-weight="600""#;
const MUTED: &str = r#"opacity=".65""#;
const ASIDE: &str = r#"fill="currentColor" fill-opacity=".65" font-size="11" font-weight="400""#;
const LEFT_OF: &str = r#"opacity=".65" text-anchor="end""#;
const CENTRED: &str = r#"opacity=".65" text-anchor="middle""#;

/// Draws all of it, as the text of an SVG file.
pub fn draw(results: &[(Scenario, Outcomes)], clients: u32) -> String {
    let title = format!("How {} clients come back", grouped(clients.into()));
    let mut svg = Svg::default();
    // Markdown takes it for HTML if the first line is a whole tag.
    svg.line(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
         style=\"max-width:100%;height:auto\" role=\"img\" aria-label=\"{title}\" fill=\"currentColor\" font-size=\"11\" \
         font-family=\"{FONTS}\">"
    ));
    svg.line(format_args!("<style>{STYLE}</style>"));

    svg.text((MARGIN, MARGIN + 14), TITLE, title);
    let legend = "Connects in each second after a server lost all at once. Bright: accepted. Pale: turned away. \
                  Grey: it is away. Dotted: its limit.";
    svg.text((MARGIN, MARGIN + 34), MUTED, legend);
    for (row, ((client, colour), foot)) in CLIENTS.iter().zip(COLOURS).zip(feet()).enumerate() {
        let look = format!(r#"fill="{colour}" {HEADING}"#);
        let name = format!("{} <tspan {ASIDE}>{}</tspan>", client.name, client.about);
        svg.text((LEFT, foot - PLOT_HEIGHT - 46), &look, name);
        scale(&mut svg, foot, clients);
        for ((scenario, outcomes), left) in results.iter().zip(lefts()) {
            plot(&mut svg, (left, foot), scenario, &outcomes[row], clients, colour);
        }
    }
    for ((scenario, _), left) in results.iter().zip(lefts()) {
        svg.text((left, MARGIN + 68), HEADING, &scenario.title);
        svg.text((left, MARGIN + 83), MUTED, &scenario.detail);
        time(&mut svg, left, scenario);
    }
    svg.line("</svg>");
    svg.0
}

/// The left ends of all columns.
fn lefts() -> impl Iterator<Item = i32> {
    (LEFT..).step_by(COLUMN as usize)
}

/// The feet of all rows.
fn feet() -> impl Iterator<Item = i32> {
    (FOOT..).step_by(ROW as usize)
}

/// Labels the scale of a row.
fn scale(svg: &mut Svg, foot: i32, clients: u32) {
    for (value, height) in [(clients, PLOT_HEIGHT), (clients / 2, PLOT_HEIGHT / 2)] {
        svg.text((LEFT - 6, foot - height + 4), LEFT_OF, format_args!("{}/s", short(value)));
    }
    svg.text((LEFT - 6, foot + 4), LEFT_OF, 0);
}

/// Labels the time of a column, below its last plot.
fn time(svg: &mut Svg, left: i32, scenario: &Scenario) {
    for second in (0..=scenario.shown).step_by(scenario.tick) {
        let x = f64::from(left) + second as f64 * width(scenario);
        svg.text((x, LAST_FOOT + 16), CENTRED, second);
    }
    svg.text((left + PLOT_WIDTH / 2, LAST_FOOT + 33), CENTRED, "seconds after the loss");
}

/// The width of a second.
fn width(scenario: &Scenario) -> f64 {
    f64::from(PLOT_WIDTH) / scenario.shown as f64
}

/// Draws one plot, with what it comes to above it. The origin is the left end of its foot.
fn plot(svg: &mut Svg, (x, y): (i32, i32), scenario: &Scenario, outcome: &Outcome, clients: u32, colour: &str) {
    let connects = outcome.connects() as f64 / f64::from(clients);
    let summary = format!("{connects:.1} connects each, peak {}", grouped(outcome.peak().into()));
    svg.text((x, y - PLOT_HEIGHT - 23), STRONG, report::end(outcome));
    svg.text((x, y - PLOT_HEIGHT - 9), MUTED, summary);

    svg.line(format_args!(r#"<g transform="translate({x} {y})">"#));
    // While the server is away, the ground is grey.
    let width = width(scenario);
    let away = width * scenario.server.back as f64 / 1000.0;
    svg.line(format_args!(r#"<path opacity=".07" d="M0 0V-{PLOT_HEIGHT}H{away:.1}V0z"/>"#));
    let lines = [0, PLOT_HEIGHT / 2, PLOT_HEIGHT].map(|height| format!("M0 {}h{PLOT_WIDTH}", -height)).concat();
    svg.line(format_args!(r#"<path opacity=".15" stroke="currentColor" d="{lines}"/>"#));

    let height = |connects: u32| f64::from(connects) / f64::from(clients) * f64::from(PLOT_HEIGHT);
    let (mut bright, mut pale) = (String::new(), String::new());
    for (number, &Second { accepted, turned_away }) in outcome.seconds.iter().enumerate() {
        // So wide at least that it can be seen.
        let (left, width) = (number as f64 * width, (width * 0.9).max(1.2));
        for (bars, foot, height) in
            [(&mut bright, 0.0, height(accepted)), (&mut pale, height(accepted), height(turned_away))]
        {
            if height >= 0.05 {
                bars.push_str(&format!("M{left:.1} {:.1}v{:.1}h{width:.1}v{height:.1}z", 0.0 - foot, 0.0 - height));
            }
        }
    }
    svg.line(format_args!(r#"<path fill="{colour}" d="{bright}"/>"#));
    svg.line(format_args!(r#"<path fill="{colour}" opacity=".45" d="{pale}"/>"#));
    if scenario.server.limit < clients {
        let limit = -height(scenario.server.limit);
        svg.line(format_args!(
            r#"<path opacity=".5" stroke="currentColor" stroke-dasharray="2 3" d="M0 {limit:.1}h{PLOT_WIDTH}"/>"#
        ));
    }
    svg.line("</g>");
}

/// Writes a number in millions or thousands, if it is whole in them.
fn short(number: u32) -> String {
    match number {
        1_000_000.. if number % 1_000_000 == 0 => format!("{} M", number / 1_000_000),
        1000.. if number % 1000 == 0 => format!("{} k", number / 1000),
        _ => number.to_string(),
    }
}

/// The text of a picture.
#[derive(Default)]
struct Svg(String);

impl Svg {
    fn line(&mut self, line: impl Display) {
        // A string takes everything.
        let _ = writeln!(self.0, "{line}");
    }

    fn text(&mut self, (x, y): (impl Display, i32), look: &str, text: impl Display) {
        self.line(format_args!(r#"<text x="{x:.1}" y="{y}" {look}>{text}</text>"#));
    }
}
