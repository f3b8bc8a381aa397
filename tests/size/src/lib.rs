//! What the programs in `bin` are made of.

#![no_std]

#[cfg(feature = "doors")]
pub mod doors;
pub mod firmware;
pub mod machine;
#[cfg(feature = "peers")]
pub mod peers;

/// Makes a program of parts of a firmware.
#[macro_export]
macro_rules! program {
    ($($part:path),*) => {
        #[unsafe(no_mangle)]
        extern "C" fn main() -> ! {
            $crate::firmware::see($crate::firmware::input());
            $($part();)*
            loop {}
        }
    };
}
