use super::device::{Client, Hub, Step};
use embassy_futures::select::select;
use embassy_net::Stack;
use embassy_net::tcp::{AcceptError, Error, TcpReader, TcpSocket, TcpWriter};
use embassy_time::{Duration, with_timeout};
use embedded_io_async::Write;
use httparse::{Error as Malformed, Request};
use sse_wire::headers::{self, LAST_EVENT_ID};
use sse_wire::server::Refused;

/// How long a client may take to ask, and to close its end of the connection.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a client may leave what it was sent without an acknowledgement.
const TIMEOUT: Duration = Duration::from_secs(45);

/// Serves one client after another. Run as many of these at once as there are to be clients, and one more that refuses.
pub async fn serve(stack: Stack<'_>, port: u16, hub: &Hub) -> AcceptError {
    let (mut rx, mut tx) = ([0; 512], [0; 1024]);
    loop {
        let mut socket = TcpSocket::new(stack, &mut rx, &mut tx);
        // Events go out at once, and a client that was cut off is noticed after the next sign of life.
        socket.set_nagle_enabled(false);
        socket.set_timeout(Some(TIMEOUT));
        if let Err(error) = socket.accept(port).await {
            return error;
        }
        if answer(&mut socket, hub).await.is_ok() {
            socket.close();
            let (mut reader, mut writer) = socket.split();
            let _ = with_timeout(PATIENCE, end(&mut reader)).await;
            let _ = with_timeout(PATIENCE, writer.flush()).await;
        }
    }
}

/// Answers one request, to the end of the response or of the client.
async fn answer(socket: &mut TcpSocket<'_>, hub: &Hub) -> Result<(), Error> {
    let Ok(client) = with_timeout(PATIENCE, receive(socket, hub)).await else { return Ok(()) };
    match client? {
        Ok(client) => {
            socket.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n").await?;
            for (name, value) in headers::RESPONSE {
                for part in [name, ": ", value, "\r\n"] {
                    socket.write_all(part.as_bytes()).await?;
                }
            }
            socket.write_all(b"\r\n").await?;
            let (mut reader, mut writer) = socket.split();
            select(stream(&mut writer, client), end(&mut reader)).await;
            Ok(())
        }
        Err(status) => {
            for part in ["HTTP/1.1 ", status, "\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"] {
                socket.write_all(part.as_bytes()).await?;
            }
            Ok(())
        }
    }
}

/// Sends events straight from the log into the memory of the socket.
async fn stream(socket: &mut TcpWriter<'_>, mut client: Client<'_>) -> Result<(), Error> {
    loop {
        match socket.write_with(|window| client.fill(window)).await? {
            Step::Fill => {}
            Step::Wait => client.wait().await,
            Step::End => return Ok(()),
        }
    }
}

/// Waits until the client has closed its end of the connection.
async fn end(socket: &mut TcpReader<'_>) {
    while let Ok(1..) = socket.read(&mut [0; 32]).await {}
}

/// Reads the head of a request. Returns its client, or the status to refuse it with.
async fn receive<'h>(socket: &mut TcpSocket<'_>, hub: &'h Hub) -> Result<Result<Client<'h>, &'static str>, Error> {
    let (mut head, mut len) = ([0; 1024], 0);
    loop {
        let room = head.get_mut(len..).unwrap_or_default();
        if room.is_empty() {
            return Ok(Err("431 Request Header Fields Too Large"));
        }
        match socket.read(room).await? {
            0 => return Err(Error::ConnectionReset),
            read => len += read,
        }
        let mut fields = [httparse::EMPTY_HEADER; 24];
        let mut request = Request::new(&mut fields);
        match request.parse(head.get(..len).unwrap_or_default()) {
            Ok(httparse::Status::Partial) => {}
            Ok(httparse::Status::Complete(_)) => {
                let peer = socket.remote_endpoint().ok_or(Error::ConnectionReset)?;
                return Ok(route(&request).and_then(|is_exact| {
                    let id = request.headers.iter().find(|field| field.name.eq_ignore_ascii_case(LAST_EVENT_ID));
                    hub.connect(peer.addr.into(), id.map(|id| id.value), is_exact).map_err(|refused| match refused {
                        Refused::Key => "429 Too Many Requests",
                        Refused::Full => "503 Service Unavailable",
                    })
                }));
            }
            Err(Malformed::TooManyHeaders) => return Ok(Err("431 Request Header Fields Too Large")),
            Err(_) => return Ok(Err("400 Bad Request")),
        }
    }
}

/// Returns whether all clients of the route are exact.
fn route(request: &Request<'_, '_>) -> Result<bool, &'static str> {
    let path = request.path.and_then(|path| path.split('?').next()).unwrap_or_default();
    let is_exact = match path {
        "/events" => false,
        "/exact" => true,
        _ => return Err("404 Not Found"),
    };
    if request.method == Some("GET") { Ok(is_exact) } else { Err("405 Method Not Allowed") }
}
