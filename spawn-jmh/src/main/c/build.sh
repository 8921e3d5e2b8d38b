#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# build.sh OUTDIR: compiles the programs that the benchmarks start, and `libcontender.so`, for this machine into OUTDIR.
# The compiler is $CC, or cc.
set -eu

if [ $# -ne 1 ]; then
    echo "usage: build.sh OUTDIR" >&2
    exit 2
fi
out=$1
src=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
cc=${CC:-cc}

# $CC may carry arguments ("ccache gcc"), so it is split on purpose here and below.
# shellcheck disable=SC2086
set -- $cc
if ! command -v "${1:-}" >/dev/null 2>&1; then
    echo "The benchmarks need a C compiler and \"$cc\" is not there:" \
        "install one (Debian: apt-get install gcc libc6-dev), or set CC." >&2
    exit 1
fi

mkdir -p "$out"
warnings="-std=gnu11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Werror"

# The frame, unwind tables, notes and padding would be most of the file, and pages to map for each child.
for program in tiny stamp pause zeros; do
    # shellcheck disable=SC2086
    "$@" $warnings -Os -ffreestanding -fno-stack-protector -fno-asynchronous-unwind-tables -fno-pie \
        -fomit-frame-pointer -fcf-protection=none -static -no-pie -nostdlib -s -Wl,--build-id=none \
        -Wl,-z,noseparate-code -Wl,-z,norelro -Wl,-z,noexecstack -o "$out/$program" "$src/$program.c"
done

# A stack protector's check could fail in a child that runs on its parent's stack, and would call libc there.
# shellcheck disable=SC2086
"$@" $warnings -O2 -g0 -fPIC -shared -fvisibility=default -fno-stack-protector -Wl,-z,relro,-z,now \
    -o "$out/libcontender.so" "$src/contender.c"
