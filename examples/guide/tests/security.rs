//! What is refused, and what every response says.

mod common;
use common::Guide;

#[test]
fn strangers_are_refused() {
    let guide = Guide::start(&["--host", "example.org:80"]);
    let port = guide.host.rsplit(':').next().unwrap().to_owned();
    let get = |host: &str| guide.send(&format!("GET / HTTP/1.0\r\nHost: {host}\r\n\r\n")).status;
    assert_eq!(get(&guide.host), 200);
    assert_eq!(get(&format!("LOCALHOST:{port}")), 200);
    assert_eq!(get("example.org:80"), 200);
    for host in ["evil.example", "localhost", &format!("evil.example:{port}"), "127.0.0.1:1", ""] {
        assert_eq!(get(host), 421, "{host:?}");
    }
    let host = &guide.host;
    let two = guide.send(&format!("GET / HTTP/1.0\r\nHost: {host}\r\nHost: evil.example\r\n\r\n")).status;
    assert!(two == 421 || two == 400, "{two}");

    let post = |headers: &str| {
        guide
            .send(&format!("POST /resume/cut?me=nobody HTTP/1.0\r\nHost: {host}\r\n{headers}Content-Length: 0\r\n\r\n"))
            .status
    };
    assert_eq!(post(&format!("Origin: http://{host}\r\n")), 200);
    assert_eq!(post(""), 200, "curl names no origin");
    for origin in ["null", "http://evil.example", &format!("http://{host}.evil.example"), "http://localhost", ""] {
        assert_eq!(post(&format!("Origin: {origin}\r\n")), 403, "{origin:?}");
    }
    assert_eq!(post(&format!("Origin: http://{host}\r\nOrigin: null\r\n")), 403);
    assert_eq!(post("Sec-Fetch-Site: cross-site\r\n"), 403);
    assert_eq!(guide.send(&format!("GET /resume/cut HTTP/1.0\r\nHost: {host}\r\n\r\n")).status, 405);
}

#[test]
fn each_response_is_guarded() {
    let guide = Guide::start(&[]);
    for path in ["/", "/resume", "/resume/events", "/shell.js", "/nothing"] {
        let head = guide.open(path, None).head;
        for line in
            ["x-content-type-options: nosniff", "referrer-policy: no-referrer", "vary: origin", "default-src 'none'"]
        {
            assert!(head.contains(line), "{path}: {line} in {head}");
        }
        assert!(!head.contains("unsafe-inline"), "{path}: {head}");
    }
    let long = "x".repeat(9000);
    let status = guide.post("/resume/cut", &long).status;
    assert_eq!(status, 200, "a body that nobody reads does no harm");
}

#[test]
fn one_address_has_so_many_streams() {
    let guide = Guide::start(&["--per-address", "2"]);
    let (one, two) = (guide.open("/resume/events", None), guide.open("/resume/events", None));
    let three = guide.open("/resume/events", None);
    assert_eq!((one.status, two.status, three.status), (200, 200, 429));
    assert!(three.head.contains("retry-after: 5"));
}
