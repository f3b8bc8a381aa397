//! Finds the examples, and reads what they print while they run.

use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, SystemTime};

/// How long a test waits for what should come at once.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// Finds an example as `cargo test` builds it. With `--test serve` alone it does not, or leaves an old one: then we do.
pub fn program(name: &str) -> PathBuf {
    // One at a time, so that cargo is asked once.
    static LOCK: Mutex<()> = Mutex::new(());
    let _guard = LOCK.lock().unwrap();
    let test = std::env::current_exe().unwrap();
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let built = test.parent().unwrap().parent().unwrap().join("examples").join(file);
    if modified(&built) > newest_source(name) { built } else { build(name) }
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

fn newest_source(name: &str) -> Option<SystemTime> {
    let mut newest = None;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src"), root.join("examples").join(name)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            newest = newest.max(modified(&path));
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    newest
}

fn build(name: &str) -> PathBuf {
    let cargo = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--profile", "test", "--example", name, "--message-format", "json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(cargo.status.success(), "the example does not build");
    let messages = String::from_utf8(cargo.stdout).unwrap();
    messages
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|message| message["target"]["name"] == name)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .expect("cargo says where it built the example")
}

/// Reads so many lines as they come. The channel is closed after the stream is.
pub fn lines(stream: impl Read + Send + 'static, count: usize) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().take(count) {
            if sender.send(line.unwrap()).is_err() {
                break;
            }
        }
    });
    receiver
}
