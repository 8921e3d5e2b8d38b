// SPDX-License-Identifier: Apache-2.0
// A classic-BPF seccomp filter built from fault rules; the first rule that matches answers, all else is allowed.
#ifndef FILTER_H
#define FILTER_H

#include "rule.h"

#include <linux/filter.h>

enum { FILTER_CAPACITY = 2048 };

struct filter {
    unsigned length;
    struct sock_filter code[FILTER_CAPACITY];
};

void filter_begin(struct filter *filter);
// 0, or -ENOSPC where the program would be too long.
int filter_add(struct filter *filter, const struct rule *rule);
// Answers every call with a number above `highest` with `error`. 0 or -ENOSPC.
int filter_unknown(struct filter *filter, int highest, int error);
// Adds `NAME...=ACTION`, or `profile:container`, `profile:old-container`. 0, -EINVAL or -ENOSPC.
int filter_word(struct filter *filter, const char *word);
// Restricts the calling thread and what it will create. 0 or -errno.
int filter_install(struct filter *filter);
// profiles.c: 0, -EINVAL for an unknown name, -ENOSPC.
int filter_profile(struct filter *filter, const char *name);

#endif
