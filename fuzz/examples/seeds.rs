//! Writes the published vectors as seeds for each target that reads streams: `cargo run --example seeds`, in this folder.

#[allow(dead_code)]
#[path = "../../tests/harness/vectors.rs"]
mod vectors;

use std::{fs, io, path::Path};

fn main() -> io::Result<()> {
    // What each target reads before the stream: see its `Input`.
    let targets: [(&str, &[u8]); 5] = [
        ("decode", b""),
        ("chunking", &[10, 40, 70, 100, 130, 160, 190, 220]),
        ("engines", &[7, 40]),
        ("forwarding", &[3, 8, 5]),
        ("overflow", &[12, 50, 100, 150, 200, 3, 0]),
    ];
    for (target, before) in targets {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
        fs::create_dir_all(&folder)?;
        for vector in vectors::all().into_iter().filter(|vector| vector.stream.len() < 4096) {
            fs::write(folder.join(&vector.name), [before, &vector.stream].concat())?;
        }
    }
    Ok(())
}
