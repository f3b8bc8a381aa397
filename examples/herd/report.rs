//! What goes to standard output.

use super::simulation::{Outcome, Second};
use super::{CLIENTS, Outcomes, Scenario};
use std::io::{self, Write};

/// The columns of a curve.
const WIDTH: usize = 48;

pub fn heading(out: &mut impl Write, clients: u32) -> io::Result<()> {
    writeln!(out, "{} clients lose their connections at the same moment.", grouped(clients.into()))?;
    writeln!(out)?;
    for client in &CLIENTS {
        writeln!(out, "{:<16}{}", client.name, client.about)?;
    }
    Ok(())
}

/// Prints a line for each kind of client: a curve over time, and what it comes to.
pub fn summary(out: &mut impl Write, scenario: &Scenario, outcomes: &Outcomes, clients: u32) -> io::Result<()> {
    writeln!(out)?;
    writeln!(out, "{}, {}", scenario.title, scenario.detail)?;
    let span = format!("connects a second, 0 to {} s", scenario.shown);
    writeln!(out, "{:16}{span:<WIDTH$}{:>12}{:>13}  the end", "", "connects", "most in 1 s")?;
    for (client, outcome) in CLIENTS.iter().zip(outcomes) {
        let curve: String = (0..WIDTH).map(|column| level(scenario, outcome, clients, column)).collect();
        let (connects, peak) = (grouped(outcome.connects()), grouped(outcome.peak().into()));
        writeln!(out, "{:<16}{curve}{connects:>12}{peak:>13}  {}", client.name, end(outcome))?;
    }
    Ok(())
}

/// The height of a curve in one of its columns: that of its highest second.
fn level(scenario: &Scenario, outcome: &Outcome, clients: u32, column: usize) -> char {
    let first = column * scenario.shown / WIDTH;
    let end = ((column + 1) * scenario.shown / WIDTH).max(first + 1);
    let seconds = outcome.seconds.iter().take(end).skip(first);
    let most = seconds.map(|second| second.connects()).max().unwrap_or(0);
    match most {
        0 => ' ',
        // Eight blocks, the lowest also for what would be lower.
        _ => char::from_u32(0x2581 + (8 * most).div_ceil(clients).min(8) - 1).unwrap_or('█'),
    }
}

/// Says how it ended: when all were back, or how many never will be.
pub fn end(outcome: &Outcome) -> String {
    match outcome.closed {
        0 => format!("all back after {:.1} s", outcome.last_accepted as f64 / 1000.0),
        closed => format!("{} closed for good", grouped(closed as u64)),
    }
}

/// Prints each second in which there was a connect, and after them what became of the clients, for programs to read.
pub fn seconds(out: &mut impl Write, scenario: &Scenario, outcomes: &Outcomes) -> io::Result<()> {
    for (client, outcome) in CLIENTS.iter().zip(outcomes) {
        let line = format!("{}\t{}", scenario.name, client.name);
        for (number, Second { accepted, turned_away }) in outcome.seconds.iter().enumerate() {
            if accepted + turned_away > 0 {
                writeln!(out, "{line}\t{number}\t{accepted}\t{turned_away}")?;
            }
        }
        let Outcome { open, closed, last_accepted, .. } = outcome;
        writeln!(out, "{line}\tend\t{open}\t{closed}\t{last_accepted}")?;
    }
    Ok(())
}

/// Writes a number with its digits in groups of three.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
