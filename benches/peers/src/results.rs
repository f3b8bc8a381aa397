//! One run as a file: lines of `# name: value`, then a table with tabs between its columns.

use std::fmt::Write;

/// One contender at one task.
pub struct Row {
    /// `read`, `write` or `growth`.
    pub part: String,
    pub corpus: String,
    /// The size of the chunks in bytes or `whole`, or what grows.
    pub size: String,
    pub name: String,
    pub bytes: u64,
    pub events: u64,
    /// The best and the median of all repetitions, in nanoseconds; nothing if it did not take part.
    pub time: Option<(u64, u64)>,
    pub allocations: u64,
    /// Why it did not take part.
    pub note: String,
}

impl Row {
    /// Bytes per nanosecond in the best repetition, which is GB/s.
    pub fn speed(&self) -> Option<f64> {
        self.time.map(|(best, _)| self.bytes as f64 / best as f64)
    }
}

#[derive(Default)]
pub struct Results {
    pub about: Vec<(String, String)>,
    pub rows: Vec<Row>,
}

impl Results {
    pub fn about(&self, name: &str) -> &str {
        self.about.iter().find(|(known, _)| known == name).map_or("?", |(_, value)| value)
    }

    pub fn row(&self, part: &str, corpus: &str, size: &str, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name && row.corpus == corpus && row.size == size && row.part == part)
    }

    pub fn speed(&self, part: &str, corpus: &str, size: &str, name: &str) -> Option<f64> {
        self.row(part, corpus, size, name)?.speed()
    }

    /// The fastest of these at a task.
    pub fn best<'n>(&self, part: &str, corpus: &str, size: &str, names: &[&'n str]) -> Option<(f64, &'n str)> {
        names
            .iter()
            .filter_map(|name| Some((self.speed(part, corpus, size, name)?, *name)))
            .max_by(|a, b| a.0.total_cmp(&b.0))
    }

    pub fn write(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.about {
            _ = writeln!(text, "# {name}: {value}");
        }
        text += "part\tcorpus\tsize\tname\tbytes\tevents\tbest_ns\tmedian_ns\tallocations\tnote\n";
        for Row { part, corpus, size, name, bytes, events, time, allocations, note } in &self.rows {
            let (best, median) =
                time.map_or(Default::default(), |(best, median)| (best.to_string(), median.to_string()));
            _ = writeln!(
                text,
                "{part}\t{corpus}\t{size}\t{name}\t{bytes}\t{events}\t{best}\t{median}\t{allocations}\t{note}"
            );
        }
        text
    }

    /// Reads what [`write`](Self::write) has written.
    pub fn read(text: &str) -> Option<Self> {
        let mut results = Self::default();
        for line in text.lines() {
            if let Some(about) = line.strip_prefix("# ") {
                let (name, value) = about.split_once(": ")?;
                results.about.push((name.into(), value.into()));
                continue;
            }
            let columns: Vec<&str> = line.split('\t').collect();
            let [part, corpus, size, name, bytes, events, best, median, allocations, note] = columns[..] else {
                return None;
            };
            if part != "part" {
                results.rows.push(Row {
                    part: part.into(),
                    corpus: corpus.into(),
                    size: size.into(),
                    name: name.into(),
                    bytes: bytes.parse().ok()?,
                    events: events.parse().ok()?,
                    time: best.parse().ok().zip(median.parse().ok()),
                    allocations: allocations.parse().ok()?,
                    note: note.into(),
                });
            }
        }
        Some(results)
    }
}
