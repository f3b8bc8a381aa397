//! What is asked of the browser, and whether it has shown what it should.

use crate::cut::{Cut, Draws, Seen};
use crate::deviation::Deviation;
use crate::vectors::Vector;
use std::collections::BTreeSet;

const CUTS: usize = 2000;

/// Returns what the page must know, as JSON: how many vectors there are, and which types an event can have.
pub fn plan(vectors: &[Vector]) -> String {
    let events = vectors.iter().flat_map(|vector| &vector.events);
    let types: BTreeSet<_> = events.map(|event| &event.event_type[..]).chain(["message", "aborted"]).collect();
    serde_json::json!({ "vectors": vectors.len(), "types": types }).to_string()
}

/// Reads what the page has posted: the events of each stream.
pub fn streams(json: &str) -> Vec<Vec<Seen>> {
    serde_json::from_str(json).expect("a list of lists of events")
}

/// Returns which vectors the browser fails by itself, and whether all that is known.
pub fn uncut(vectors: &[Vector], deviations: &[Deviation], streams: &[Vec<Seen>]) -> (BTreeSet<usize>, bool) {
    assert_eq!(vectors.len(), streams.len());
    let (mut failed, mut unknown) = (BTreeSet::new(), 0);
    let mut by_deviation = vec![0; deviations.len()];
    for (number, (vector, seen)) in vectors.iter().zip(streams).enumerate() {
        let events = vector.events.iter();
        let expected: Vec<Seen> =
            events.map(|event| (event.event_type.clone(), event.data.clone(), event.last_event_id.clone())).collect();
        if *seen == expected {
            continue;
        }
        failed.insert(number);
        if let Some(known) = deviations.iter().position(|deviation| (deviation.applies)(&vector.stream)) {
            by_deviation[known] += 1;
        } else {
            unknown += 1;
            show(&vector.name, &[&vector.stream], &expected, seen);
        }
    }
    println!("{} vectors read uncut, {} of them wrongly:", vectors.len(), failed.len());
    let mut is_well = unknown == 0;
    for (deviation, count) in deviations.iter().zip(by_deviation) {
        println!("{count:6} of {} known: {}", deviation.most, deviation.what);
        is_well &= count <= deviation.most;
    }
    println!("{unknown:6} for no reason known");
    (failed, is_well)
}

/// Draws cuts of the other vectors, or takes every one of those that are not long. Cuts are left out behind bytes that the
/// browser is known to read wrongly.
pub fn draw(vectors: &[Vector], deviations: &[Deviation], failed: &BTreeSet<usize>, every_cut: bool) -> Vec<Cut> {
    let candidates: Box<dyn Iterator<Item = (usize, usize)>> = if every_cut {
        let short = (0..vectors.len()).filter(|&number| vectors[number].stream.len() <= 500);
        Box::new(short.flat_map(|number| (0..=vectors[number].stream.len()).map(move |at| (number, at))))
    } else {
        Box::new(Draws::new(vectors))
    };
    let mut excluded = vec![0; deviations.len()];
    let cuts = candidates.filter(|(number, _)| !failed.contains(number)).filter_map(|(number, at)| {
        let cut = Cut::new(&vectors[number], at);
        if let Some(known) = deviations.iter().position(|deviation| (deviation.applies)(&cut.before)) {
            excluded[known] += 1;
            return None;
        }
        Some(cut)
    });
    let cuts: Vec<_> = cuts.take(if every_cut { usize::MAX } else { CUTS }).collect();
    println!("{} cuts of the others, besides {} excluded:", cuts.len(), excluded.iter().sum::<usize>());
    for (deviation, count) in deviations.iter().zip(excluded) {
        println!("{count:6} {}", deviation.what);
    }
    cuts
}

/// Returns whether the browser has made of every cut what it should.
pub fn cuts(cuts: &[Cut], streams: &[Vec<Seen>]) -> bool {
    assert_eq!(cuts.len(), streams.len());
    let mut wrong = 0;
    for (cut, seen) in cuts.iter().zip(streams) {
        let is_early = cut.is_back() && cut.must_come_back == Some(false);
        if *seen != cut.expected || is_early {
            wrong += 1;
            show(&cut.about, &[&cut.before, &cut.end], &cut.expected, seen);
            if is_early {
                println!("    back too soon");
            }
        }
    }
    let count = |is: fn(&&Cut) -> bool| cuts.iter().filter(is).count();
    println!(
        "{} cuts read: {} in a name, {} in a `retry` value, {} with an ID put back, {} with an aborted event",
        cuts.len(),
        count(|cut| cut.end.starts_with(b"-")),
        count(|cut| cut.end.starts_with(b"x")),
        count(|cut| cut.end.windows(4).any(|bytes| bytes == b"\nid:")),
        count(|cut| cut.expected.iter().any(|event| event.0 == "aborted"))
    );

    let must_not = count(|cut| cut.must_come_back == Some(false));
    let must = count(|cut| cut.must_come_back == Some(true));
    let back = count(|cut| cut.must_come_back == Some(true) && cut.is_back());
    println!("back after a `retry` that had arrived whole: {back} of {must}; {must_not} must not come back");
    println!("{wrong} wrong");
    // How soon it comes depends on the machine too. If nothing had time to come, nothing would be proved.
    wrong == 0 && back * 2 > must
}

fn show(about: &str, stream: &[&[u8]], expected: &[Seen], seen: &[Seen]) {
    let stream: Vec<_> = stream.iter().map(|part| format!("\"{}\"", part.escape_ascii())).collect();
    println!("WRONG {about}: {}\n    expected {expected:?}\n    seen     {seen:?}", stream.join(" + "));
}
