# To be sourced: points cargo at the unpacked compiler. RUSTC_BOOTSTRAP admits -Z build-std in a stable compiler: it has no
# ready-made standard library for wasm32v1-none.
toolchain=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export RUSTC="$toolchain/rustc"
export RUSTC_BOOTSTRAP=1
export CARGO_TARGET_WASM32V1_NONE_LINKER="$toolchain/wasm-ld"
export BINARYEN="$toolchain/unpacked/usr/bin"
# cargo itself may be of any version near 1.95; where rustup stands in for it, the real one is meant, so that RUSTC is obeyed
CARGO=$(rustup which cargo 2>/dev/null || command -v cargo)
export CARGO
