//! Encoding: every corpus into one buffer, through windows, and as slices.

#[path = "../common/mod.rs"]
mod common;
mod config;

use common::corpora::{Corpus, NAMES};
use common::doors;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

fn encode(criterion: &mut Criterion) {
    let mut memory = vec![0; 128 << 10];
    let mut growing = Vec::with_capacity(128 << 10);
    for (name, _) in NAMES.into_iter().filter(|(name, _)| *name != "crlf") {
        let corpus = Corpus::new(name, 256 << 10);
        let messages = &corpus.messages[..];
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(corpus.stream.len() as u64));
        group.bench_function("encode", |bencher| {
            bencher.iter(|| {
                doors::encode(black_box(messages), &mut memory, |bytes| _ = black_box(bytes));
            });
        });
        for window in [1460, 64] {
            group.bench_function(BenchmarkId::new("encoder", window), |bencher| {
                bencher.iter(|| {
                    doors::encoder(black_box(messages), &mut memory[..window], |bytes| _ = black_box(bytes));
                });
            });
        }
        group.bench_function("segments", |bencher| {
            bencher.iter(|| doors::segments(black_box(messages), &mut growing, |bytes| _ = black_box(bytes)));
        });
        group.finish();
    }
}

criterion_group! { name = benches; config = config::short(); targets = encode }
criterion_main!(benches);
