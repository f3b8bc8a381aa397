// A program that reads a stream of events, with what `Eventsource` stands for left to the file that includes it.

use futures_lite::{Stream, StreamExt};
use std::time::Duration;

pub async fn consume<S>(response: S) -> Result<Vec<(String, String, String, Option<Duration>)>, String>
where
    S: Stream<Item = Result<Vec<u8>, std::io::Error>> + Unpin,
{
    let mut seen = Vec::new();
    let mut events = response.eventsource();
    while let Some(event) = events.next().await {
        let event = event.map_err(|error| error.to_string())?;
        seen.push((event.event, event.data, event.id, event.retry));
    }
    Ok(seen)
}
