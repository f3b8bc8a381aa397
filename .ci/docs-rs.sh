# shellcheck shell=bash
# For scripts that read the documentation: `. .ci/docs-rs.sh` at the root builds it as docs.rs does, with all features, and
# names the folder with its pages `docs_rs`.
#
# docs.rs has a nightly compiler. RUSTC_BOOTSTRAP makes a stable one take its flags.
docs_rs_target=${CARGO_TARGET_DIR:-target}/docs-rs
rm -rf "$docs_rs_target/doc"
CARGO_TARGET_DIR=$docs_rs_target RUSTC_BOOTSTRAP=1 RUSTDOCFLAGS="--cfg docsrs -D warnings" \
    cargo doc --quiet --no-deps --all-features
docs_rs=$docs_rs_target/doc/sse_wire
# Compilers before 1.92 do not write down by themselves which feature an item needs.
if [ "$("${RUSTC:-rustc}" --version | cut -d. -f2)" -lt 92 ]; then docs_rs_features=; else docs_rs_features=1; fi
