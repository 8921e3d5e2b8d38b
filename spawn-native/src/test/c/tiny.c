// SPDX-License-Identifier: Apache-2.0
// tiny [EXITCODE]
// Exits at once: a static program, so that a repetition test measures spawning and not a dynamic linker.
#include <stdlib.h>

int main(int argc, char **argv) {
    return argc > 1 ? (int)strtol(argv[1], NULL, 10) : 0;
}
