// SPDX-License-Identifier: Apache-2.0
// seccomp-run [--profile container|old-container] [--fail RULE]... [--kill NAME...]... [--] COMMAND [ARG...]
// Runs COMMAND under a seccomp filter. RULE as in rule.h; --kill takes a rule without its action. Rules are tried in
// the order given, so an earlier one overrides a later profile. COMMAND is found through PATH.
// Exit codes: COMMAND's own; 125 bad usage, 126 the filter could not be installed, 127 COMMAND could not be executed.
#include "filter.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int usage(const char *what, const char *word) {
    fprintf(stderr, "seccomp-run: %s: %s\n", what, word);
    return 125;
}

static int add(struct filter *filter, const char *before, const char *word, const char *after) {
    char text[256];
    int length = snprintf(text, sizeof text, "%s%s%s", before, word, after);
    return length < (int)sizeof text ? filter_word(filter, text) : -EINVAL;
}

int main(int argc, char **argv) {
    static struct filter filter;
    int at = 1;
    filter_begin(&filter);
    for (; at < argc && strncmp(argv[at], "--", 2) == 0; at += 2) {
        int result;
        if (strcmp(argv[at], "--") == 0) {
            at++;
            break;
        }
        if (at + 1 == argc) {
            return usage("missing value", argv[at]);
        }
        if (strcmp(argv[at], "--profile") == 0) {
            result = add(&filter, "profile:", argv[at + 1], "");
        } else if (strcmp(argv[at], "--fail") == 0) {
            result = add(&filter, "", argv[at + 1], "");
        } else if (strcmp(argv[at], "--kill") == 0) {
            result = add(&filter, "", argv[at + 1], "=KILL");
        } else {
            return usage("unknown option", argv[at]);
        }
        if (result != 0) {
            return usage(strerror(-result), argv[at + 1]);
        }
    }
    if (at == argc) {
        return usage("missing", "COMMAND");
    }
    int result = filter_install(&filter);
    if (result != 0) {
        fprintf(stderr, "seccomp-run: cannot install the filter: %s\n", strerror(-result));
        return 126;
    }
    execvp(argv[at], argv + at);
    fprintf(stderr, "seccomp-run: %s: %s\n", argv[at], strerror(errno));
    return 127;
}
