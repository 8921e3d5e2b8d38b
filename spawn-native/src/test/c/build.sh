#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the test tools: build.sh OUTDIR
# CC names the compiler (default cc). Exit code 0: everything is in OUTDIR; anything else: the compiler said why.
set -eu

if [ $# -ne 1 ]; then
    echo "usage: build.sh OUTDIR" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
cc=${CC:-cc}
flags="-std=gnu11 -O2 -g -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes"

# $cc and $flags are split on purpose, here and below: $CC may carry arguments ("ccache gcc").
if ! command -v "${cc%% *}" >/dev/null 2>&1; then
    echo "build.sh: no C compiler '$cc': install one (Debian: apt-get install gcc libc6-dev) or set CC" >&2
    exit 3
fi

# The compiler's own headers know every system call by name, so no list of ours can fall behind.
generated=$out/generated
mkdir -p "$generated"
printf '#include <sys/syscall.h>\n' | $cc -E -dM - |
    sed -n 's/^#define __NR_\([a-z_0-9]*\) .*/{"\1", __NR_\1},/p' | sort >"$generated/syscalls.inc"

cd "$here"
program() {
    name=$1
    shift
    # shellcheck disable=SC2086
    $cc $flags -I"$generated" -o "$out/$name.new" "$@"
    mv -f "$out/$name.new" "$out/$name"
}

# A child under test that is static starts fast and shows nothing but what it inherited.
static_program() {
    name=$1
    shift
    # shellcheck disable=SC2086
    $cc $flags -static -o "$out/$name.new" "$@" 2>"$generated/$name.log" ||
        $cc $flags -o "$out/$name.new" "$@"
    mv -f "$out/$name.new" "$out/$name"
}

program seccomp-run seccomp-run.c rule.c filter.c profiles.c
program sigrun sigrun.c signals.c
program hangfs hangfs.c hangfs-files.c
program freeze freeze.c
program inject inject.c inject-registers.c rule.c
program zombieleader zombieleader.c -pthread
static_program fdlist fdlist.c
static_program sigstate sigstate.c
static_program argdump argdump.c
static_program forktree forktree.c
static_program bomb bomb.c
static_program become become.c
static_program tiny tiny.c
static_program orphans orphans.c
program libspawn4j-test.so -shared -fPIC -pthread -fvisibility=hidden \
    lib-reaper.c lib-fork.c lib-storm.c lib-thrash.c lib-descriptors.c lib-process.c lib-seccomp.c \
    rule.c filter.c profiles.c
