//! When to reconnect, as the command line says it: one of three policies, and numbers to change in it.

use sse_wire::client::Policy;
use std::ffi::{OsStr, OsString};

/// Puts a number into a policy.
type Setter = fn(Policy, u32) -> Policy;

const NUMBERS: [(&str, &str, Setter); 7] = [
    ("--retry", "milliseconds", Policy::retry),
    ("--retry-min", "milliseconds", Policy::retry_min),
    ("--retry-max", "milliseconds", Policy::retry_max),
    ("--spread-max", "milliseconds", Policy::spread_max),
    ("--stable", "milliseconds", Policy::stable),
    ("--silence", "milliseconds", Policy::silence),
    ("--attempts", "losses", |policy, losses| policy.attempts(Some(losses))),
];

/// Collects what the options say, in whatever order they come.
#[derive(Default)]
pub struct PolicyOptions {
    base: Option<Policy>,
    changes: Vec<(Setter, u32)>,
}

impl PolicyOptions {
    /// Takes an option, if it is one of these, and its value. Returns whether it is. The error is what is wrong with the
    /// value.
    pub fn take(&mut self, option: &str, args: &mut impl Iterator<Item = OsString>) -> Result<bool, String> {
        match option {
            "--once" => self.base = Some(Policy::ONCE),
            "--policy" => self.base = Some(policy(&args.next().unwrap_or_default())?),
            "--retry-status" => {
                let set = |policy: Policy, answer| policy.retry_status(answer == 1);
                self.changes.push((set, yes_or_no(&args.next().unwrap_or_default())?));
            }
            _ => {
                let Some((_, unit, set)) = NUMBERS.iter().find(|(name, ..)| *name == option) else {
                    return Ok(false);
                };
                let value = args.next().unwrap_or_default();
                let number = value.to_str().and_then(|value| value.parse().ok());
                let number = number
                    .ok_or_else(|| format!("{option} takes a number of {unit} up to {}, not {value:?}", u32::MAX))?;
                self.changes.push((*set, number));
            }
        }
        Ok(true)
    }

    /// Whether no option has said anything.
    pub fn is_empty(&self) -> bool {
        self.base.is_none() && self.changes.is_empty()
    }

    /// Returns the policy that was asked for, or this one, with the numbers that were given.
    pub fn policy_or(&self, default: Policy) -> Policy {
        let base = self.base.unwrap_or(default);
        self.changes.iter().fold(base, |policy, (set, number)| set(policy, *number))
    }
}

fn policy(name: &OsStr) -> Result<Policy, String> {
    match name.to_str() {
        Some("standard") => Ok(Policy::STANDARD),
        Some("resilient") => Ok(Policy::RESILIENT),
        Some("once") => Ok(Policy::ONCE),
        _ => Err(format!("--policy takes standard, resilient or once, not {name:?}")),
    }
}

fn yes_or_no(answer: &OsStr) -> Result<u32, String> {
    match answer.to_str() {
        Some("yes") => Ok(1),
        Some("no") => Ok(0),
        _ => Err(format!("--retry-status takes yes or no, not {answer:?}")),
    }
}
