#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Compiles the C core: build.sh OUTDIR
#
# Writes OUTDIR/ARCH/libspawn4j.so and OUTDIR/ARCH/spawn4j-init for the host's architecture with ${CC:-cc}, and for aarch64 with aarch64-linux-gnu-gcc
# where that is installed. Architectures are named as `uname -m` names them. The last line of standard error says what
# to do about a failure: Maven shows it.
set -eu

mkdir -p "${1:?usage: build.sh OUTDIR}"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")"
host=$(uname -m)
remedy="install a C compiler and the kernel's headers, for example with: apt-get install gcc libc6-dev"

case $host in
x86_64 | aarch64) ;;
*)
    # Such a host still runs the posix_spawn engine, which has no C of ours, with a jar built elsewhere.
    echo "spawn4j's C core knows x86_64 and aarch64, and this machine is $host: build on one of those." >&2
    exit 1
    ;;
esac

# compile ARCH CC
compile() {
    case $1 in
    # An indirect call into the library never lands on a foreign landing pad: plain code is the same everywhere.
    x86_64) arch_flags=-fcf-protection=none ;;
    # Out-of-line atomics are calls into libgcc, which asks the libc for the CPU's abilities.
    aarch64) arch_flags=-mno-outline-atomics ;;
    esac
    mkdir -p "$out/$1"

    # -ffreestanding, -nostdlib     one binary serves every libc; the compiler must not call one either:
    # -fno-builtin, -fno-tree-loop-distribute-patterns    it would turn loops into calls of memset and memcpy
    # -fno-stack-protector          the child and the spawner run without the TLS that the canary lives in
    # -ffile-prefix-map, --build-id=none     the same sources give the same bytes wherever they lie
    common="-std=gnu11 -O2 -Wall -Wextra -Werror -fvisibility=hidden -ffreestanding -fno-builtin
        -fno-tree-loop-distribute-patterns -fno-stack-protector -fno-common $arch_flags
        -nostdlib -Wl,-z,noexecstack,--build-id=none,--gc-sections"

    # -z nodelete                   a spawner may outlive the class loader, and then its code must, too
    link "$1" "$2" libspawn4j.so -fPIC -shared -Wl,-soname,libspawn4j.so,-z,nodelete,-z,relro,-z,now,--hash-style=gnu *.c
    # -no-pie                       nothing to relocate, since nobody would do it
    # -z norelro, -z noseparate-code, -s     few pages: every child that needs it maps them
    link "$1" "$2" spawn4j-init -Os -fno-pie -no-pie -static -s -Wl,-z,norelro,-z,noseparate-code init/*.c exec.c attributes.c
}

# link ARCH CC FILE ARGUMENT...
link() {
    target=$out/$1/$3
    cc_words=$2
    name=$3
    arch=$1
    shift 3
    # shellcheck disable=SC2086
    $cc_words $common "-ffile-prefix-map=$PWD=." "$@" -o "$target.$$" || {
        rm -f "$target.$$"
        echo "spawn4j's C core does not compile for $arch with $cc_words; the compiler's words are above." >&2
        exit 1
    }
    # Renamed in one step: a JVM that still maps the old file keeps it.
    mv -f "$target.$$" "$target"
    echo "compiled $arch/$name with $cc_words"
}

# usable CC: it is there, and finds the libc's and the kernel's headers. $CC may carry arguments ("ccache gcc"), so it is split on purpose.
# shellcheck disable=SC2086
usable() {
    command -v "${1%% *}" >/dev/null 2>&1 &&
        printf '#include <stdint.h>\n#include <errno.h>\n#include <asm/unistd.h>\n#include <linux/sched.h>\n' |
        $1 -ffreestanding -fsyntax-only -x c - 2>/dev/null
}

cc=${CC:-cc}
usable "$cc" || {
    echo "spawn4j's C core needs a C compiler, and '$cc' is none that works: $remedy" >&2
    exit 1
}
compile "$host" "$cc"

cross=aarch64-linux-gnu-gcc
if [ "$host" = aarch64 ]; then
    :
elif ! command -v $cross >/dev/null 2>&1; then
    echo "no $cross: no core for aarch64 in this build"
elif ! usable $cross; then
    echo "$cross finds no headers of its libc or kernel: install libc6-dev-arm64-cross, or remove $cross" >&2
    exit 1
else
    compile aarch64 $cross
fi
