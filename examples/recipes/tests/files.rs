//! The files to copy: how long they are, that nothing in them gives up, and that the README tells the truth.

use std::fs;
use std::path::{Path, PathBuf};

/// Every integration, by its path in this directory.
fn integrations() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::from("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !["lib.rs", "mod.rs"].map(Path::new).contains(&Path::new(path.file_name().unwrap())) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// The lines that say something: imports and documentation do, empty lines and other comments do not.
fn lines_of_code(text: &str) -> usize {
    let is_code = |line: &&str| !line.is_empty() && (!line.starts_with("//") || line.starts_with("///"));
    text.lines().map(str::trim).filter(is_code).count()
}

#[test]
fn each_is_short() {
    for path in integrations() {
        // What a whole server takes, a whole follower, and what it takes to read or write.
        let limit = match &path {
            _ if path.starts_with("src/server") => 180,
            _ if path.starts_with("src/client") => 110,
            _ => 30,
        };
        let lines = lines_of_code(&fs::read_to_string(&path).unwrap());
        println!("{lines:3}  {}", path.display());
        assert!((1..limit).contains(&lines), "{} has {lines}", path.display());
    }
}

#[test]
fn none_gives_up() {
    for path in integrations() {
        let text = fs::read_to_string(&path).unwrap();
        for word in [".unwrap()", ".expect(", "panic!", "todo!", "unreachable!", "unsafe", "allow("] {
            assert!(!text.contains(word), "{} has {word}", path.display());
        }
    }
}

/// Each has a row that begins `| STACK VERSION | SHAPE | [FILE](src/FILE) | LINES |`. The standard library is `std`.
#[test]
fn the_readme_has_them_all() {
    let readme = fs::read_to_string("README.md").unwrap();
    let lock = fs::read_to_string("Cargo.lock").unwrap();
    let rows: Vec<Vec<_>> = readme
        .lines()
        .filter(|line| line.contains("](src/"))
        .map(|line| line.split('|').map(str::trim).skip(1).collect())
        .collect();

    let mut files = Vec::new();
    for row in rows {
        let &[stack, _, link, lines, ..] = &row[..] else { panic!("{row:?}") };
        // What comes with the compiler is not in the lock file.
        if stack != "std" {
            let (name, version) = stack.split_once(' ').unwrap();
            let entry = format!("name = \"{name}\"\nversion = \"{version}\"\n");
            assert!(lock.contains(&entry), "{stack} is not what is run");
        }
        let path = link.split_once("](").and_then(|(_, path)| path.strip_suffix(')')).unwrap();
        assert_eq!(lines, lines_of_code(&fs::read_to_string(path).unwrap()).to_string(), "{path}");
        files.push(PathBuf::from(path));
    }
    files.sort();
    assert_eq!(files, integrations());
}

/// The front page shows lines of these files, and links to each of them.
#[test]
fn the_front_page_shows_what_is_run() {
    let readme = fs::read_to_string("../../README.md").unwrap();
    let (_, section) = readme.split_once("## In your stack\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let texts: Vec<String> = integrations().iter().map(|path| fs::read_to_string(path).unwrap()).collect();

    let shown = section.split("```").nth(1).unwrap().lines().skip(1).map(str::trim).filter(|line| !line.is_empty());
    for line in shown {
        assert!(texts.iter().any(|text| text.lines().any(|own| own.trim() == line)), "no file says {line}");
    }
    // A row ends with its files and, in the same order, their lines.
    let mut rows = Vec::new();
    for row in section.lines().filter(|line| line.contains("](examples/recipes/src/wire/")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
        let &[.., files, lines] = &cells[..] else { panic!("{row}") };
        let files = files.split("](examples/recipes/").skip(1).map(|file| file.split_once(')').unwrap().0);
        let lines: Vec<&str> = lines.split(',').map(str::trim).collect();
        assert_eq!(files.clone().count(), lines.len(), "{row}");
        rows.extend(files.map(PathBuf::from).zip(lines.iter().map(ToString::to_string)));
    }
    rows.sort();
    let lines = texts.iter().map(|text| lines_of_code(text).to_string());
    let of_wire = integrations().into_iter().zip(lines).filter(|(path, _)| path.starts_with("src/wire"));
    assert_eq!(rows, of_wire.collect::<Vec<_>>());
}
