//! What `tail` shows on a terminal: `script` has one, and a model of a terminal here reads what it was sent.

use super::{DEADLINE, EXACT, Server, lines, program};
use std::io::ErrorKind;
use std::process::{Command, Stdio};

/// What is on the screen, line by line. The last line is where the cursor is.
struct Screen {
    lines: Vec<String>,
    column: usize,
}

impl Screen {
    /// Shows what was sent, and notes each last line that a status was written to.
    fn read(sent: &str) -> (Self, Vec<String>) {
        let mut screen = Self { lines: vec![String::new()], column: 0 };
        let mut statuses = Vec::new();
        let mut rest = sent;
        while let Some(char) = rest.chars().next() {
            let last = screen.lines.last_mut().unwrap();
            let take = ["\x1B[K", "\x1B[?7l", "\x1B[?7h"].into_iter().find(|code| rest.starts_with(code));
            match (char, take) {
                (_, Some("\x1B[K")) => last.truncate(screen.column),
                (_, Some("\x1B[?7h")) => statuses.push(last.clone()),
                (_, Some(_)) => {}
                ('\r', _) => screen.column = 0,
                ('\n', _) => screen.lines.push(String::new()),
                (char, _) => {
                    assert!(!char.is_control(), "{char:?} in {sent:?}");
                    // It writes over nothing, so a line only grows.
                    assert_eq!(screen.column, last.len(), "{last:?} in {sent:?}");
                    last.push(char);
                    screen.column = last.len();
                }
            }
            rest = &rest[take.map_or(char.len_utf8(), str::len)..];
        }
        (screen, statuses)
    }
}

#[test]
fn shows_how_things_stand_on_a_terminal() {
    if let Err(error) = Command::new("script").arg("--version").output() {
        assert_eq!(error.kind(), ErrorKind::NotFound);
        return;
    }
    let (server, url) = Server::start();
    let command = format!("{} {} --json {url}", program("tail").display(), EXACT.join(" "));
    let mut child = Command::new("script")
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = lines(child.stdout.take().unwrap(), usize::MAX);

    let long = "x".repeat(500);
    let request = server.accept();
    request.stream(format!("retry: 3001\nid: 7\ndata: a\n\nid: {long}\n\n").as_bytes());
    server.accept().stop();
    let mut sent = Vec::new();
    while let Ok(line) = output.recv_timeout(DEADLINE) {
        sent.push(line + "\r\n");
    }
    assert!(child.wait().unwrap().success());

    // What lasts is what is printed without a terminal.
    let (screen, mut statuses) = Screen::read(&sent.concat());
    let wait = format!("tail: reconnecting in 3001 ms, for what follows the ID {long:?}");
    let expected = [
        r#"{"type":"message","id":"7","data":"a"}"#,
        "tail: the stream ended between events",
        &wait,
        "tail: the server says stop",
        "",
    ];
    assert_eq!(screen.lines, expected);
    // The rest comes and goes. The stream may come in several pieces, and a second may pass unseen on a busy machine.
    let show = |state: &str, id: &str| format!("tail: {state}, last ID {id:?}").chars().take(206).collect::<String>();
    let expected = [
        (show("connecting", ""), true),
        (show("open", ""), true),
        (show("open", "7"), false),
        (show("open", &long), true),
        (show("waiting, 4 s left, 1 lost in a row", &long), true),
        (show("waiting, 3 s left, 1 lost in a row", &long), false),
        (show("waiting, 2 s left, 1 lost in a row", &long), false),
        (show("waiting, 1 s left, 1 lost in a row", &long), false),
        (show("connecting", &long), true),
    ];
    statuses.dedup();
    let expected: Vec<_> = expected
        .into_iter()
        .filter(|(status, must)| *must || statuses.contains(status))
        .map(|(status, _)| status)
        .collect();
    assert_eq!(statuses, expected);
    assert!(statuses.iter().filter(|status| status.contains("waiting")).count() > 1, "it counts down");
}
