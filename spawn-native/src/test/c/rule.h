// SPDX-License-Identifier: Apache-2.0
// One fault rule: which system call, under which arguments, answers what. Shared by seccomp-run, inject and the
// library.
//
//   NAME[@ARG[&MASK]=VALUE]...=ACTION     ACTION: an errno's name or number (1..4095), KILL, or ALLOW
//
// `pipe2=EMFILE`, `waitid@0=3=EINVAL` (argument 0 is 3), `clone@0&0x7e020000=0x10000000=EPERM`. Numbers as in C.
// A value within 32 bits is compared with the argument's low half: nobody clears the upper half of an int.
#ifndef RULE_H
#define RULE_H

#include <stdbool.h>
#include <stdint.h>

enum { RULE_CONDITIONS = 6, RULE_ALLOW = -1, RULE_KILL = -2 };

struct condition {
    unsigned argument;
    bool wide;
    uint64_t mask;
    uint64_t value;
};

struct rule {
    int call;
    int action; // an errno, RULE_ALLOW or RULE_KILL
    unsigned conditions;
    struct condition condition[RULE_CONDITIONS];
};

// 0 or -EINVAL.
int rule_parse(const char *text, struct rule *rule);
bool rule_matches(const struct rule *rule, uint64_t call, const uint64_t arguments[6]);
// The number or -1.
int rule_call(const char *name);

#endif
