// SPDX-License-Identifier: Apache-2.0
// argdump [ARG...]
// Prints its arguments and environment as raw bytes: `argc N`, then `arg N HEX` and `env N HEX` in their order.
#include <stdio.h>

static void print_hex(const char *kind, int index, const char *text) {
    printf("%s %d ", kind, index);
    for (; *text != '\0'; text++) {
        printf("%02x", (unsigned char)*text);
    }
    putchar('\n');
}

int main(int argc, char **argv, char **environment) {
    printf("argc %d\n", argc);
    for (int i = 0; i < argc; i++) {
        print_hex("arg", i, argv[i]);
    }
    for (int i = 0; environment[i] != NULL; i++) {
        print_hex("env", i, environment[i]);
    }
    return 0;
}
