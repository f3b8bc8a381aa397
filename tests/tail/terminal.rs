//! What `tail` shows on a terminal: `script` has one, and a model of a terminal here reads what it was sent.

use super::{DEADLINE, EXACT, Server, lines, program};
use std::io::ErrorKind;
use std::process::{Command, Stdio};
use std::sync::mpsc::RecvTimeoutError;

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

/// Runs it on a terminal of this kind, and lets the server answer. Returns everything that the terminal was sent, if there
/// is one.
fn on_terminal(kind: &str, options: &str, behind: &str, answer: impl FnOnce(&Server)) -> Option<String> {
    if let Err(error) = Command::new("script").arg("--version").output() {
        assert_eq!(error.kind(), ErrorKind::NotFound);
        return None;
    }
    let (server, url) = Server::start();
    let command = format!("{} {} {options} {url} {behind}", program("tail").display(), EXACT.join(" "));
    let mut child = Command::new("script")
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .env("TERM", kind)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = lines(child.stdout.take().unwrap(), usize::MAX);
    answer(&server);
    let mut sent = Vec::new();
    loop {
        match output.recv_timeout(DEADLINE) {
            Ok(line) => sent.push(line + "\r\n"),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => panic!("it does not end: {sent:?}"),
        }
    }
    assert!(child.wait().unwrap().success(), "{sent:?}");
    Some(sent.concat())
}

#[test]
fn leaves_nothing_of_it_behind() {
    let answer = |server: &Server| server.accept().stream(b"data: a\n\n");
    let Some(sent) = on_terminal("xterm", "--once", "", answer) else { return };
    let (screen, statuses) = Screen::read(&sent);
    assert_eq!(statuses.first().map(String::as_str), Some("tail: connecting, last ID \"\""));
    // What reads the lines adds an end to the last one, too.
    assert_eq!(
        (&screen.lines[..], sent.ends_with("\r\x1B[K\r\n")),
        (&["# message  a", "", ""].map(String::from)[..], true)
    );
}

#[test]
fn shows_it_only_where_nothing_else_is_shown() {
    for (kind, behind) in
        [("xterm", "| cat"), ("xterm", "> /dev/null"), ("xterm", "2>&1 > /dev/tty | cat"), ("dumb", "")]
    {
        let answer = |server: &Server| {
            server.accept().stream(b"retry: 1\ndata: a\n\n");
            server.accept().stop();
        };
        let Some(sent) = on_terminal(kind, "", behind, answer) else { return };
        assert!(!sent.contains('\x1B'), "{kind} {behind}: {sent:?}");
        assert_eq!(sent.contains("# message  a\r\n"), behind != "> /dev/null", "{kind} {behind}: {sent:?}");
    }
}

#[test]
fn shows_how_things_stand_on_a_terminal() {
    let long = "x".repeat(500);
    let answer = |server: &Server| {
        server.accept().stream(format!("retry: 3001\nid: 7\ndata: a\n\nid: {long}\n\n").as_bytes());
        server.accept().stop();
    };
    let Some(sent) = on_terminal("xterm", "--json", "", answer) else { return };

    // What lasts is what is printed without a terminal.
    let (screen, mut statuses) = Screen::read(&sent);
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
