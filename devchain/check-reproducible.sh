#!/bin/bash
# Builds both blobs anew, from a copy of the sources in another folder and with nothing kept from former builds, and compares them
# with built/SHA256SUMS. 3 to 10 minutes on two cores; fetches the toolchain where it is not there yet.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$here/toolchain/setup.sh"
cp -r "$here/runtime" "$here/build.sh" "$scratch"
mkdir "$scratch/toolchain"
cp "$here"/toolchain/{setup.sh,environment.sh,rustc,wasm-ld} "$scratch/toolchain"
ln -s "$here/toolchain/unpacked" "$scratch/toolchain/unpacked"

CARGO_TARGET_DIR="$scratch/target" "$scratch/build.sh" "$scratch/built"
diff "$here/built/SHA256SUMS" "$scratch/built/SHA256SUMS"
cd "$here/built"
sha256sum --check --strict SHA256SUMS
