// SPDX-License-Identifier: Apache-2.0
// Compiles fault rules to classic BPF; see filter.h.
#include "filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the seccomp tools know x86-64 and aarch64"
#endif
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "argument offsets are those of a little-endian machine"
#endif

#define FIELD(name) ((unsigned)offsetof(struct seccomp_data, name))
#define X32_BIT 0x40000000u

static void emit(struct filter *filter, unsigned short code, unsigned char yes, unsigned char no, uint32_t k) {
    filter->code[filter->length++] = (struct sock_filter){code, yes, no, k};
}

static void load(struct filter *filter, unsigned offset) {
    emit(filter, BPF_LD | BPF_W | BPF_ABS, 0, 0, offset);
}

static void answer(struct filter *filter, uint32_t verdict) {
    emit(filter, BPF_RET | BPF_K, 0, 0, verdict);
}

static uint32_t verdict(int action) {
    switch (action) {
    case RULE_ALLOW:
        return SECCOMP_RET_ALLOW;
    case RULE_KILL:
        return SECCOMP_RET_KILL_PROCESS;
    default:
        return SECCOMP_RET_ERRNO | (uint32_t)action;
    }
}

// Numbers mean other calls in another ABI, so the ABIs a rule cannot name answer ENOSYS.
void filter_begin(struct filter *filter) {
    filter->length = 0;
    load(filter, FIELD(arch));
    emit(filter, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, ARCHITECTURE);
    answer(filter, SECCOMP_RET_ERRNO | ENOSYS);
    load(filter, FIELD(nr));
#if defined(__x86_64__)
    emit(filter, BPF_JMP | BPF_JSET | BPF_K, 0, 1, X32_BIT);
    answer(filter, SECCOMP_RET_ERRNO | ENOSYS);
#endif
}

static void compare(struct filter *filter, unsigned offset, uint32_t mask, uint32_t value, unsigned char skip) {
    load(filter, offset);
    emit(filter, BPF_ALU | BPF_AND | BPF_K, 0, 0, mask);
    emit(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, skip, value);
}

// In and out the accumulator holds the call's number.
int filter_add(struct filter *filter, const struct rule *rule) {
    unsigned body = 0;
    for (unsigned i = 0; i < rule->conditions; i++) {
        body += rule->condition[i].wide ? 6 : 3;
    }
    if (filter->length + body + 4 > FILTER_CAPACITY) {
        return -ENOSPC;
    }
    emit(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, (unsigned char)(body + (body > 0 ? 2 : 1)), (uint32_t)rule->call);
    for (unsigned i = 0; i < rule->conditions; i++) {
        const struct condition *condition = &rule->condition[i];
        unsigned low = FIELD(args) + 8 * condition->argument;
        body -= 3;
        compare(filter, low, (uint32_t)condition->mask, (uint32_t)condition->value, (unsigned char)(body + 1));
        if (condition->wide) {
            body -= 3;
            compare(filter, low + 4, (uint32_t)(condition->mask >> 32), (uint32_t)(condition->value >> 32),
                    (unsigned char)(body + 1));
        }
    }
    answer(filter, verdict(rule->action));
    if (rule->conditions > 0) {
        load(filter, FIELD(nr));
    }
    return 0;
}

int filter_unknown(struct filter *filter, int highest, int error) {
    if (filter->length + 2 > FILTER_CAPACITY) {
        return -ENOSPC;
    }
    emit(filter, BPF_JMP | BPF_JGT | BPF_K, 0, 1, (uint32_t)highest);
    answer(filter, SECCOMP_RET_ERRNO | (uint32_t)error);
    return 0;
}

int filter_word(struct filter *filter, const char *word) {
    static const char profile[] = "profile:";
    struct rule rule;
    if (strncmp(word, profile, sizeof profile - 1) == 0) {
        return filter_profile(filter, word + sizeof profile - 1);
    }
    int result = rule_parse(word, &rule);
    return result != 0 ? result : filter_add(filter, &rule);
}

int filter_install(struct filter *filter) {
    if (filter->length + 1 > FILTER_CAPACITY) {
        return -ENOSPC;
    }
    answer(filter, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {(unsigned short)filter->length, filter->code};
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0) {
        return 0;
    }
    // Only CAP_SYS_ADMIN may filter without giving up set-user-ID programs.
    if (errno != EACCES || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return -errno;
    }
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0 ? 0 : -errno;
}
