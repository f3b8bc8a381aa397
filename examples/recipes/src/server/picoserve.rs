use super::device::{Client, Hub, Step};
use core::net::IpAddr;
use embassy_net::Stack;
use embassy_net::tcp::{AcceptError, TcpSocket};
use embassy_time::Duration;
use picoserve::io::{Read, Write};
use picoserve::request::Request;
use picoserve::response::custom::{CustomBody, CustomResponse};
use picoserve::response::{IntoResponse, NoContent, ResponseWriter, StatusCode};
use picoserve::routing::{RequestHandlerService, Router, get_service};
use picoserve::{Config, ResponseSent, Server, Timeouts};
use sse_wire::headers::{self, LAST_EVENT_ID};
use sse_wire::server::Refused;

/// How many bytes are copied from the log at once.
const WINDOW: usize = 512;
/// How long a client may take none of them, or acknowledge none. Then its connection is cut.
const PATIENCE: Duration = Duration::from_secs(45);

/// Serves one client after another. Run as many of these at once as there are to be clients, and one more that refuses.
pub async fn serve(stack: Stack<'_>, port: u16, hub: &Hub) -> AcceptError {
    let config = Config::new(Timeouts { write: PATIENCE, ..Timeouts::const_default() });
    let (mut rx, mut tx, mut head) = ([0; 512], [0; 1024], [0; 1024]);
    loop {
        let mut socket = TcpSocket::new(stack, &mut rx, &mut tx);
        // Events go out at once, and a client that was cut off is noticed after the next sign of life.
        socket.set_nagle_enabled(false);
        socket.set_timeout(Some(PATIENCE));
        if let Err(error) = socket.accept(port).await {
            return error;
        }
        let Some(peer) = socket.remote_endpoint() else { continue };
        let events = |is_exact| get_service(Events { hub, address: peer.addr.into(), is_exact });
        let app = Router::new().route("/events", events(false)).route("/exact", events(true));
        let _ = Server::new(&app, &config, &mut head).serve(socket).await;
    }
}

/// Answers a request with an event stream. On an exact route all clients are browsers or ours.
pub struct Events<'h> {
    pub hub: &'h Hub,
    /// The client's: handlers are not told.
    pub address: IpAddr,
    pub is_exact: bool,
}

impl RequestHandlerService for Events<'_> {
    async fn call_request_handler_service<R: Read, W: ResponseWriter<Error = R::Error>>(
        &self,
        (): &(),
        (): (),
        request: Request<'_, R>,
        writer: W,
    ) -> Result<ResponseSent, W::Error> {
        let id = request.parts.headers().get(LAST_EVENT_ID).map(|id| id.as_raw());
        let client = self.hub.connect(self.address, id, self.is_exact);
        let connection = request.body_connection.finalize().await?;
        let status = match client {
            Ok(client) => {
                let response = CustomResponse::build(StatusCode::OK).with_headers(headers::RESPONSE);
                return response.with_body(client).write_to(connection, writer).await;
            }
            Err(Refused::Key) => StatusCode::TOO_MANY_REQUESTS,
            Err(Refused::Full) => StatusCode::SERVICE_UNAVAILABLE,
        };
        (status, ("content-length", 0), NoContent).write_to(connection, writer).await
    }
}

/// Sends events until the stream ends. When the client goes, picoserve drops this, and with it the client's place.
impl CustomBody for Client<'_> {
    async fn write_response_body<W: Write>(mut self, mut writer: W) -> Result<(), W::Error> {
        let mut window = [0; WINDOW];
        loop {
            let (len, step) = self.fill(&mut window);
            writer.write_all(window.get(..len).unwrap_or_default()).await?;
            match step {
                Step::Fill => {}
                // Without a flush: that of embassy-net would first wait for the client's acknowledgement.
                Step::Wait => self.wait().await,
                Step::End => return Ok(()),
            }
        }
    }
}
