//! A client that is cut off, and the server restarted: each number once, and a gap where history ended.

mod common;
use common::{Guide, Seen};

/// Opens the stream as often as it takes, and returns its first events.
fn resume(guide: &Guide, id: &str, count: usize) -> Vec<Seen> {
    loop {
        let mut stream = guide.open("/resume/events?me=test", Some(id));
        let first: Vec<_> = std::iter::from_fn(|| stream.next()).take(count).collect();
        if !first.is_empty() {
            return first;
        }
    }
}

#[test]
fn nothing_is_missing_and_nothing_comes_twice() {
    let guide = Guide::start(&[]);
    let mut stream = guide.open("/resume/events?me=test", None);
    let mut seen: Vec<Seen> = std::iter::from_fn(|| stream.next()).take(3).collect();
    assert_eq!(guide.post("/resume/cut?me=other", "").text(), "0");
    assert_eq!(guide.post("/resume/cut?me=test", "").text(), "1");
    seen.extend(stream.rest());
    seen.extend(resume(&guide, &seen.last().unwrap().id, 5));
    assert_eq!(guide.post("/resume/restart?away=300", "").status, 202);
    // Nobody is served now, so this is the new log with the old IDs.
    seen.extend(resume(&guide, &seen.last().unwrap().id, 5));
    let numbers: Vec<u64> = seen.iter().map(|event| event.number("n")).collect();
    assert_eq!(numbers, (numbers[0]..).take(numbers.len()).collect::<Vec<_>>());

    guide.post("/resume/restart?away=300&forget", "");
    let first = resume(&guide, &seen.last().unwrap().id, 2);
    assert_eq!((first[0].kind.as_str(), first[0].data.as_str()), ("gap", r#"{"missed":null}"#));
    assert!(first[1].number("n") > numbers[0] + numbers.len() as u64, "what came meanwhile is lost");
}

#[test]
fn who_was_away_for_long_is_told_how_many_are_lost() {
    let guide = Guide::start(&[]);
    let mut stream = guide.open("/resume/events", None);
    let first = stream.next().unwrap();
    // The log holds 64 events: when this one comes, 66 are behind the first.
    while stream.next().unwrap().number("n") < first.number("n") + 66 {}
    let mut late = guide.open("/resume/events", Some(&first.id));
    let (gap, next) = (late.next().unwrap(), late.next().unwrap());
    assert_eq!(gap.kind, "gap");
    assert_eq!(gap.number("missed"), next.number("n") - first.number("n") - 1);
    assert!(gap.number("missed") >= 2);
}
