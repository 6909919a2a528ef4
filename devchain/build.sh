#!/bin/bash
# build.sh [FOLDER]: builds the runtime in both spec versions and writes v1.compressed.wasm, v2.compressed.wasm and SHA256SUMS
# into FOLDER (default: built/). 3 to 10 minutes for the first blob on two cores, one for the second. The same sources give the
# same bytes in any folder: neither paths, nor locations, nor debug formatting reach the blob.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mkdir -p "${1:-$here/built}" && cd "${1:-$here/built}" && pwd)
"$here/toolchain/setup.sh"
. "$here/toolchain/environment.sh"

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$here/target}"
# substrate_runtime: FRAME's own switch for "inside the runtime". --export-table: the executor calls through the table.
export CARGO_TARGET_WASM32V1_NONE_RUSTFLAGS="--cfg substrate_runtime -C link-arg=--export-table -Zfmt-debug=none -Zlocation-detail=none"
# A compressed runtime in Substrate's format is this magic and one zstd frame (sp-maybe-compressed-blob).
magic='\x52\xbc\x53\x76\x46\xdb\x8e\x05'

build() {
  local version=$1 features=$2 scratch="$CARGO_TARGET_DIR/$1"
  mkdir -p "$scratch"
  nice -n 15 "$CARGO" build --locked --release --manifest-path "$here/runtime/Cargo.toml" --target wasm32v1-none \
    -Z build-std=core,alloc -Z build-std-features=compiler-builtins-mem,optimize_for_size --features "$features"
  nice -n 15 "$BINARYEN/wasm-opt" -Oz --mvp-features --enable-mutable-globals \
    "$CARGO_TARGET_DIR/wasm32v1-none/release/vaultvisor_dev_runtime.wasm" -o "$scratch/optimised.wasm"
  { printf "$magic"; zstd -q --ultra -22 --no-check -c "$scratch/optimised.wasm"; } > "$folder/$version.compressed.wasm"
}

build v1 ""
build v2 v2
cd "$folder"
sha256sum v1.compressed.wasm v2.compressed.wasm | tee SHA256SUMS
