//! The program: `cargo guide`.

use guide::args::{self, Command};
use guide::site::Site;
use std::net::SocketAddr;
use std::process::ExitCode;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> ExitCode {
    let options = match args::parse(std::env::args_os().skip(1)) {
        Ok(Command::Run(options)) => options,
        Ok(Command::Help) => {
            print!("{}", args::HELP);
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("guide: {error}; --help says more");
            return ExitCode::from(2);
        }
    };
    let listener = match TcpListener::bind(SocketAddr::new(options.listen, options.port)).await {
        Ok(listener) => listener,
        Err(error) => {
            eprintln!("guide: port {}: {error}", options.port);
            return ExitCode::FAILURE;
        }
    };
    let (Ok(address), Ok(mut terminate), Ok(mut interrupt)) =
        (listener.local_addr(), signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return ExitCode::FAILURE;
    };
    println!("http://{address}/");
    let site = Site::new(options, address);
    let stop = async {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
    };
    guide::listen::serve(listener, site, stop).await;
    ExitCode::SUCCESS
}
