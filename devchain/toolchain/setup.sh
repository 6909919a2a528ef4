#!/bin/bash
# Fetches the compiler of the dev chain's runtime into toolchain/unpacked/: Debian 12's rustc-web 1.96 with the sources of its
# standard library (core and alloc are built along with the runtime), its LLVM and lld, and binaryen for wasm-opt.
# Unpacked, not installed: nothing outside this folder changes, and no root is needed if the package lists are fresh.
set -euo pipefail
cd "$(dirname "$0")"

rust=1.96.0+dfsg1-1~deb12u2
packages=("rustc-web=$rust" libstd-rust-web-1.96 "libstd-rust-web-dev=$rust" "rust-web-src=$rust" libllvm22 lld-22 binaryen)

if [ -e unpacked/complete ]; then exit 0; fi
for tool in apt-get dpkg zstd cargo; do
  command -v "$tool" >/dev/null || { echo "the dev chain's toolchain needs $tool" >&2; exit 1; }
done

rm -rf unpacked
mkdir -p downloads unpacked
cd downloads
if [ "$(id -u)" = 0 ]; then apt-get update -qq; fi
apt-get download -qq "${packages[@]}"
for package in *.deb; do dpkg -x "$package" ../unpacked; done
touch ../unpacked/complete
