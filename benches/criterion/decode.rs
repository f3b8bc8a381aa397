//! Decoding: every corpus, in every chunk size, through every door. `cargo bench --bench decode` takes two to three minutes;
//! `cargo bench --bench decode -- ticker/next` takes seconds.

#[path = "../common/mod.rs"]
mod common;
mod config;

use common::corpora::{Corpus, NAMES};
use common::doors;
use common::sums::Light;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

fn decode(criterion: &mut Criterion) {
    let mut memory = vec![0; 128 << 10];
    for (name, _) in NAMES {
        let corpus = Corpus::new(name, 256 << 10);
        let stream = &corpus.stream[..];
        for (door, run) in [
            ("next", doors::next::<Light> as fn(&[u8], usize, &mut [u8]) -> u64),
            ("next+to_str", doors::next_str::<Light>),
            ("advance", doors::advance::<Light>),
            ("tokens", |stream, chunk, _| doors::tokens(stream, chunk)),
        ] {
            let mut group = criterion.benchmark_group(format!("{name}/{door}"));
            group.throughput(Throughput::Bytes(stream.len() as u64));
            for (label, chunk) in [("whole", stream.len()), ("16384", 16384), ("1460", 1460), ("64", 64), ("1", 1)] {
                group.bench_function(BenchmarkId::from_parameter(label), |bencher| {
                    bencher.iter(|| run(black_box(stream), chunk, &mut memory));
                });
            }
            group.finish();
        }
    }
}

criterion_group! { name = benches; config = config::short(); targets = decode }
criterion_main!(benches);
