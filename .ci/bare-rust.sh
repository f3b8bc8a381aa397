#!/bin/bash
# Makes ready a compiler for targets that rustup may not have installed, and writes DIR/env, which makes cargo use it:
# `.ci/bare-rust.sh DIR [TARGET...]`. Builds for them need no flags then. The default are the bare-metal targets below.
#
# If the active toolchain has them all (`rustup target add`), it is the one. If not, it is Debian's newest, unpacked into
# DIR, with the library built from its source, once for each target: `core` and `alloc`, or for Linux all of `std`.
set -euo pipefail
bare_metal=(thumbv6m-none-eabi thumbv7em-none-eabihf riscv32imc-unknown-none-elf wasm32-unknown-unknown)
. "$(dirname "$0")/debian.sh"
mkdir -p "$1"
dir=$(cd "$1" && pwd)
shift
[ $# -gt 0 ] || set -- "${bare_metal[@]}"
active=${RUSTC:-rustc}

# Prints which of the targets a compiler has no library for: `without_library COMPILER TARGET...`.
without_library() {
    for target in "${@:2}"; do
        compgen -G "$("$1" --print target-libdir --target "$target")/liballoc-*.rlib" >/dev/null || echo "$target"
    done
}

if [ -z "$(without_library "$active" "$@")" ]; then
    : >"$dir/env"
    exit
fi

if [ ! -x "$dir/usr/bin/rustc" ]; then
    as_root apt-get update -qq
    std=$(apt-cache depends libstd-rust-web-dev | awk '/Depends: libstd-rust-web-[0-9]/ {print $2; exit}')
    [ -n "$std" ] || { echo "no package of Rust here. Perhaps there is rustup: rustup target add $*"; exit 1; }
    llvm=$(apt-cache depends "$std" | awk '/Depends: libllvm/ {print $2; exit}')
    # shellcheck disable=SC2046
    debian $(apt-cache depends "$llvm" | awk '/Depends:/ {print $2}')
    mkdir -p "$dir/debs"
    cd "$dir/debs"
    apt-get download -qq -o APT::Sandbox::User=root rustc-web libstd-rust-web-dev "$std" "$llvm" rust-web-src
    # The compiler comes last, so that it is there only if all else is.
    for package in *.deb; do
        case $package in
            # It has the source of the compiler too, ten times as large.
            rust-web-src_*) dpkg --fsys-tarfile "$package" | tar -x -C "$dir" --wildcards ./usr/lib/rustlib './usr/src/rustc-*/library' ;;
            *) dpkg -x "$package" "$dir" ;;
        esac
    done
    cd "$dir"
    rm -rf debs
fi

cat >"$dir/env" <<END
export LD_LIBRARY_PATH=$(echo "$dir"/usr/lib/*-linux-gnu)\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}
export RUSTC=$dir/usr/bin/rustc RUSTDOC=$dir/usr/bin/rustdoc
END
rustlib=$("$active" --print sysroot)/lib/rustlib
. "$dir/env"

# The linker for bare metal comes with rustup's toolchains, but not with Debian's.
lld=$(find "$rustlib" -name rust-lld -print -quit)
[ -n "$lld" ] || { debian lld; lld=$(compgen -G "/usr/lib/llvm-*/bin/lld" | tail -1); }
rustlib=$dir/usr/lib/rustlib
bin=$rustlib/$("$RUSTC" --print host-tuple)/bin
mkdir -p "$bin"
ln -sf "$lld" "$bin/rust-lld"

mapfile -t missing < <(without_library "$RUSTC" "$@")
if [ ${#missing[@]} -gt 0 ]; then
    crates=core,alloc
    [[ ${missing[*]} != *linux* ]] || crates=std,panic_unwind,proc_macro,test
    build=$dir/build
    rm -rf "$build"
    mkdir -p "$build/src"
    echo '#![no_std]' >"$build/src/lib.rs"
    printf '[package]\nname = "nothing"\nedition = "2024"\n[workspace]\n' >"$build/Cargo.toml"
    # As the official libraries are: with bitcode for link-time optimisation, and unstable inside.
    (cd "$build" && RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Cembed-bitcode=yes -Zforce-unstable-if-unmarked" CARGO_TARGET_DIR=target \
        cargo build --quiet --release -Z build-std="$crates" "${missing[@]/#/--target=}")
    for target in "${missing[@]}"; do
        deps=$build/target/$target/release/deps
        rm -f "$deps"/*.d "$deps"/*.rmeta "$deps"/libnothing-*
        mkdir -p "$rustlib/$target"
        mv -T "$deps" "$rustlib/$target/lib"
    done
    rm -rf "$build"
fi
