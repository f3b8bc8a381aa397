//! The systems, one file each.

use crate::site::Site;
use axum::Router;
use std::sync::Arc;

/// A system: its page, and what serves its streams and buttons.
pub struct System {
    /// The page's path, without the slash.
    pub name: &'static str,
    pub title: &'static str,
    /// What it is for, in one sentence.
    pub about: &'static str,
    /// The path of the stream that the page's header shows.
    pub stream: &'static str,
    /// The page's own part.
    pub page: &'static str,
    /// The routes, all below `/NAME/`.
    pub router: fn(&Arc<Site>) -> Router<Arc<Site>>,
}

/// Declares the modules, and lists their systems in this order.
macro_rules! systems {
    ($($name:ident)*) => {
        $(pub mod $name;)*
        pub const SYSTEMS: &[System] = &[$($name::SYSTEM),*];
    };
}

systems! {
    resume
}
