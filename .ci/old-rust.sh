#!/bin/bash
# Puts the oldest supported rustc into DIR, with the standard library for this machine and for i686, and writes DIR/env,
# which makes cargo use it: `.ci/old-rust.sh VERSION DIR`. Takes Debian's packages apart; installs nothing.
set -euo pipefail
version=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)

if [ ! -x "$dir/usr/bin/rustc" ]; then
    # Package lists of our own, for both architectures, so that the machine's own are left alone. Only the main suite: a
    # security suite has newer compilers, and its index for foreign architectures cannot always be read.
    lists="$dir/apt/lists" cache="$dir/apt/cache" sources="$dir/apt/sources.list"
    mkdir -p "$lists/partial" "$cache/archives/partial"
    {
        cat /etc/apt/sources.list 2>/dev/null || true
        awk '/^Types:/ {types=$2} /^URIs:/ {uri=$2} /^Suites:/ {suite=$2} /^Components:/ {print types, uri, suite, $2}' \
            /etc/apt/sources.list.d/debian.sources 2>/dev/null || true
    } | grep -E '^deb ' | grep -E ' (bookworm|trixie) ' | grep -v security | sort -u >"$sources"
    apt=(apt-get -qq -o "Dir::State::Lists=$lists" -o "Dir::Cache=$cache" -o "Dir::Etc::sourcelist=$sources"
        -o Dir::Etc::sourceparts=- -o APT::Architectures::=amd64 -o APT::Architectures::=i386 -o APT::Sandbox::User=root)
    "${apt[@]}" update
    cd "$dir/apt"
    full=$(apt-cache "${apt[@]:2}" madison rustc-web | awk -v v="$version" '$3 ~ "^" v "\\." {print $3; exit}')
    [ -n "$full" ] || { echo "no package of Rust $version"; exit 1; }
    std=libstd-rust-web-$version
    llvm=$(apt-cache "${apt[@]:2}" depends "$std=$full" | awk '/Depends: libllvm/ {print $2; exit}')
    "${apt[@]}" download "rustc-web=$full" "libstd-rust-web-dev=$full" "$std=$full" "$llvm" "libstd-rust-web-dev:i386=$full"
    for package in *.deb; do
        dpkg -x "$package" "$dir"
    done
    cd "$dir"
    rm -rf apt
fi

cat >"$dir/env" <<E2
export LD_LIBRARY_PATH=$dir/usr/lib/x86_64-linux-gnu\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}
export RUSTC=$dir/usr/bin/rustc
E2
