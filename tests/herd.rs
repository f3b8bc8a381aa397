//! The example `herd`, whose numbers are checked against a model of its own and against arithmetic.

#[allow(dead_code, reason = "this example ends by itself, so its output can be read at once")]
#[path = "harness/example.rs"]
mod example;

use example::program;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;

const CLIENTS: u64 = 10_000;
const KINDS: [&str; 3] = ["STANDARD", "without jitter", "RESILIENT"];

/// What `--seconds` prints.
static LINES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let output = run(&["--clients", "10000", "--seconds"]);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
});

fn run(args: &[&str]) -> Output {
    Command::new(program("herd")).args(args).output().unwrap()
}

/// What one kind of client made of one scenario, read back from [`LINES`].
struct Outcome {
    /// Second, accepted, turned away.
    seconds: Vec<[u64; 3]>,
    open: u64,
    closed: u64,
    last_accepted: u64,
}

impl Outcome {
    fn of(scenario: &str, kind: &str) -> Self {
        let start = format!("{scenario}\t{kind}\t");
        let mut seconds = Vec::new();
        for line in LINES.iter().filter_map(|line| line.strip_prefix(&start)) {
            let (numbers, is_end) = line.strip_prefix("end\t").map_or((line, false), |rest| (rest, true));
            let numbers: Vec<u64> = numbers.split('\t').map(|number| number.parse().unwrap()).collect();
            let numbers = <[u64; 3]>::try_from(numbers).unwrap();
            if is_end {
                let [open, closed, last_accepted] = numbers;
                return Self { seconds, open, closed, last_accepted };
            }
            seconds.push(numbers);
        }
        panic!("no end of {start:?}");
    }

    fn connects(&self) -> u64 {
        self.seconds.iter().map(|[_, accepted, turned_away]| accepted + turned_away).sum()
    }

    fn accepted(&self) -> u64 {
        self.seconds.iter().map(|[_, accepted, _]| accepted).sum()
    }

    /// The connects from one second up to another one.
    fn between(&self, first: u64, end: u64) -> u64 {
        let within = self.seconds.iter().filter(|[second, ..]| (first..end).contains(second));
        within.map(|[_, accepted, turned_away]| accepted + turned_away).sum()
    }

    fn peak(&self) -> u64 {
        self.seconds.iter().map(|[_, accepted, turned_away]| accepted + turned_away).max().unwrap()
    }
}

// The model: a queue of events in time, and the waits as the documentation gives them.

/// SplitMix64, of which the upper halves are the random bits.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E3779B97F4A7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58476D1CE4E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D049BB133111EB);
        z ^ (z >> 31)
    }
}

/// The wait in ms after so many losses in a row before this one.
fn wait(kind: &str, losses_before: usize, random: &mut Random) -> u64 {
    let nth = losses_before.min(4);
    match kind {
        "STANDARD" => 3000,
        "without jitter" => [4500, 6000, 9000, 15_000, 18_000][nth],
        _ => 3000 + (((random.next() >> 32) * ([3000, 6000, 12_000, 24_000, 30_000][nth] + 1)) >> 32),
    }
}

/// The lines for one kind of client in one scenario.
fn model(scenario: &str, kind: &str) -> Vec<String> {
    let back = if scenario == "away" { 60_000 } else { 1000 };
    let limit = if scenario == "limit" { CLIENTS / 20 } else { CLIENTS };
    let mut random = Random(0);
    // When, after how many other requests to wait, and after how many losses.
    let mut queue = BinaryHeap::new();
    let mut order = 0;
    let mut lose = |queue: &mut BinaryHeap<_>, now, losses| {
        queue.push(Reverse((now + wait(kind, losses, &mut random), order, losses + 1)));
        order += 1;
    };
    for _ in 0..CLIENTS {
        lose(&mut queue, 0, 0);
    }
    let mut seconds = vec![[0; 2]; 1000];
    let (mut closed, mut last_accepted) = (0, 0);
    while let Some(Reverse((now, _, losses))) = queue.pop() {
        let second = &mut seconds[now as usize / 1000];
        let is_away = now < back;
        if !is_away && second[0] < limit {
            second[0] += 1;
            last_accepted = now;
            continue;
        }
        second[1] += 1;
        if kind == "STANDARD" && !is_away {
            closed += 1;
        } else {
            lose(&mut queue, now, losses);
        }
    }
    let connects = seconds.iter().enumerate().filter(|(_, connects)| **connects != [0, 0]);
    let mut lines: Vec<_> = connects.map(|(n, [a, t])| format!("{scenario}\t{kind}\t{n}\t{a}\t{t}")).collect();
    lines.push(format!("{scenario}\t{kind}\tend\t{}\t{closed}\t{last_accepted}", CLIENTS - closed));
    lines
}

/// The first numbers of the generator's author for the seed 1234567.
#[test]
fn the_generator_is_the_published_one() {
    let mut random = Random(1_234_567);
    let first = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
    assert_eq!(first.map(|_| random.next()), first);
}

#[test]
fn every_second_is_as_the_model_has_it() {
    let all = ["restart", "away", "limit"].iter().flat_map(|scenario| KINDS.map(|kind| model(scenario, kind)));
    assert_eq!(*LINES, all.flatten().collect::<Vec<_>>());
}

#[test]
fn no_client_is_lost_except_where_the_standard_says_so() {
    for scenario in ["restart", "away", "limit"] {
        for kind in KINDS {
            let outcome = Outcome::of(scenario, kind);
            let is_final = scenario == "limit" && kind == "STANDARD";
            let closed = if is_final { CLIENTS - CLIENTS / 20 } else { 0 };
            assert_eq!((outcome.open, outcome.closed), (CLIENTS - closed, closed), "{scenario}, {kind}");
            assert_eq!(outcome.accepted(), outcome.open, "{scenario}, {kind}: none has gone twice");
        }
    }
}

/// Without jitter, everyone comes in each wave, but those that an earlier one brought home.
#[test]
fn waves_are_as_the_waits_make_them() {
    let numbers = |scenario, kind| {
        let outcome = Outcome::of(scenario, kind);
        (outcome.connects(), outcome.peak(), outcome.last_accepted)
    };
    assert_eq!(numbers("restart", "STANDARD"), (CLIENTS, CLIENTS, 3000));
    assert_eq!(numbers("restart", "without jitter"), (CLIENTS, CLIENTS, 4500));
    assert_eq!(numbers("away", "STANDARD"), (60 / 3 * CLIENTS, CLIENTS, 60_000));
    assert_eq!(numbers("away", "without jitter"), (6 * CLIENTS, CLIENTS, 4500 + 6000 + 9000 + 15_000 + 2 * 18_000));
    assert_eq!(numbers("limit", "STANDARD"), (CLIENTS, CLIENTS, 3000));
    let all: u64 = (1..=20).map(|twentieths| CLIENTS / 20 * twentieths).sum();
    let last = 4500 + 6000 + 9000 + 15_000 + 16 * 18_000;
    assert_eq!(numbers("limit", "without jitter"), (all, CLIENTS, last));
}

/// A spread of 3 s, that is 3001 possible waits, divides the peak by 3.001.
#[test]
fn jitter_divides_the_herd() {
    let share = CLIENTS as f64 * 1000.0 / 3001.0;
    // Four standard deviations of a count.
    let margin = 4.0 * (share * (1.0 - 1000.0 / 3001.0)).sqrt();
    for scenario in ["restart", "away", "limit"] {
        let [standard, resilient] = ["STANDARD", "RESILIENT"].map(|kind| Outcome::of(scenario, kind));
        assert_eq!(standard.peak(), CLIENTS);
        assert!((resilient.peak() as f64 - share).abs() <= margin, "{scenario}: {}", resilient.peak());
        for second in 3..6 {
            let connects = resilient.between(second, second + 1) as f64;
            assert!((connects - share).abs() <= margin, "{scenario}, {second} s: {connects}");
        }
    }
    // The rare ones who draw the longest wait come in the millisecond behind the third second.
    assert_eq!(
        Outcome::of("restart", "RESILIENT").between(3, 6) + Outcome::of("restart", "RESILIENT").between(6, 7),
        CLIENTS
    );

    // Late in the outage, the waits are 3 to 33 s, and 18 s in the mean.
    let away = Outcome::of("away", "RESILIENT");
    let one_in = 10.0 * CLIENTS as f64 / away.between(50, 60) as f64;
    assert!((17.0..20.0).contains(&one_in), "one client in {one_in} a second");
    assert!(away.last_accepted <= 60_000 + 33_000, "{}", away.last_accepted);
}

#[test]
fn the_summary_says_what_came_of_it() {
    let output = run(&["--clients", "10000"]);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("10,000 clients lose their connections at the same moment.\n"), "{text}");
    for end in [
        "      10,000       10,000  all back after 3.0 s\n",
        "     200,000       10,000  all back after 60.0 s\n",
        "      60,000       10,000  all back after 70.5 s\n",
        "      10,000       10,000  9,500 closed for good\n",
        "     105,000       10,000  all back after 322.5 s\n",
    ] {
        assert_eq!(text.matches(end).count(), 1, "{end}{text}");
    }
    assert!(text.contains("It accepts 500 a second, and answers 503 to the others\n"), "{text}");
    assert!(text.contains("STANDARD         █ ██ ██ ██ ██ ██ ██ ██ ██ ██ █                 "), "{text}");
}

/// The picture stands in the documentation of `Policy` as HTML in Markdown, which a blank line would end.
fn is_for_markdown(svg: &str) {
    let first = svg.lines().next().unwrap();
    assert!(first.starts_with("<svg ") && first.ends_with('>'), "{first}");
    assert!(svg.ends_with("</svg>\n"));
    assert!(svg.lines().all(|line| !line.trim().is_empty()));
    assert_eq!(svg.matches("<g ").count(), 9);
}

#[test]
fn the_picture_is_for_markdown() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("herd.svg");
    let output = run(&["--clients", "1", "--svg", file.to_str().unwrap()]);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    is_for_markdown(&fs::read_to_string(file).unwrap());
    is_for_markdown(include_str!("../docs/herd.svg"));
}

/// It takes 200 MB, and some seconds of a fast machine that has nothing else to do.
#[test]
#[ignore = "a million clients: cargo test --test herd -- --ignored"]
fn the_picture_is_the_one_in_the_documentation() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("million.svg");
    let output = run(&["--clients", "1000000", "--svg", file.to_str().unwrap()]);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    assert!(fs::read_to_string(file).unwrap() == include_str!("../docs/herd.svg"), "docs/herd.svg is to be drawn anew");
}

#[test]
fn wrong_arguments_are_named() {
    for (args, why) in [
        (&["--clients", "0"][..], "a number from 1 to 10000000, and \"0\" is none"),
        (&["--clients", "10000001"], "and \"10000001\" is none"),
        (&["--clients"], "and \"\" is none"),
        (&["--svg"], "\"--svg\" takes the name of a file"),
        (&["--fast"], "unknown argument \"--fast\""),
    ] {
        let output = run(args);
        let notice = String::from_utf8(output.stderr).unwrap();
        assert!(notice.starts_with("herd: ") && notice.contains(why) && notice.contains("; usage: "), "{notice}");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{args:?}");
    }
    let help = run(&["--help"]);
    assert!(help.status.success() && help.stdout.starts_with(b"usage: herd "), "{help:?}");
}
