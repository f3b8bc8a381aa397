//! Tells the linker where the memories of the emulated boards are.

fn main() {
    let arch = std::env::var("CARGO_CFG_TARGET_ARCH").unwrap();
    let (flash, ram) = if arch == "arm" { ("0", "0x20000000") } else { ("0x80000000", "0x80100000") };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/link.x");
    println!("cargo:rustc-link-arg-bins=-T{script}");
    println!("cargo:rustc-link-arg-bins=--defsym=FLASH={flash}");
    println!("cargo:rustc-link-arg-bins=--defsym=RAM={ram}");
    println!("cargo:rerun-if-changed={script}");
}
