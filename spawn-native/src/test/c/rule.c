// SPDX-License-Identifier: Apache-2.0
// Parses and matches fault rules; see rule.h.
#include "rule.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

struct name {
    const char *text;
    int number;
};

static const struct name calls[] = {
#include "syscalls.inc"
};

#define E(name)                                                                                                        \
    { #name, name }
static const struct name errnos[] = {
    E(E2BIG),
    E(EACCES),
    E(EAGAIN),
    E(EBADF),
    E(EBUSY),
    E(ECHILD),
    E(ECONNREFUSED),
    E(ECONNRESET),
    E(EDQUOT),
    E(EEXIST),
    E(EFAULT),
    E(EFBIG),
    E(EINTR),
    E(EINVAL),
    E(EIO),
    E(EISDIR),
    E(ELIBBAD),
    E(ELOOP),
    E(EMFILE),
    E(EMSGSIZE),
    E(ENAMETOOLONG),
    E(ENFILE),
    E(ENOBUFS),
    E(ENODEV),
    E(ENOENT),
    E(ENOEXEC),
    E(ENOMEM),
    E(ENOSPC),
    E(ENOSYS),
    E(ENOTCONN),
    E(ENOTDIR),
    E(ENOTTY),
    E(ENXIO),
    E(EOPNOTSUPP),
    E(EOVERFLOW),
    E(EPERM),
    E(EPIPE),
    E(ERANGE),
    E(EROFS),
    E(ESPIPE),
    E(ESRCH),
    E(ESTALE),
    E(ETIMEDOUT),
    E(ETOOMANYREFS),
    E(ETXTBSY),
    E(EUSERS),
    E(EXDEV),
    {"ALLOW", RULE_ALLOW},
    {"KILL", RULE_KILL},
};

static const struct name *find(const struct name *names, size_t count, const char *text, size_t length) {
    for (size_t i = 0; i < count; i++) {
        if (strlen(names[i].text) == length && memcmp(names[i].text, text, length) == 0) {
            return &names[i];
        }
    }
    return NULL;
}

int rule_call(const char *name) {
    const struct name *found = find(calls, sizeof calls / sizeof *calls, name, strlen(name));
    return found == NULL ? -1 : found->number;
}

// Reads a C number at *at and moves behind it.
static bool number(const char **at, uint64_t *value) {
    char *end;
    if (**at != '-' && (**at < '0' || **at > '9')) {
        return false;
    }
    errno = 0;
    *value = **at == '-' ? (uint64_t)strtoll(*at, &end, 0) : strtoull(*at, &end, 0);
    if (errno != 0 || end == *at) {
        return false;
    }
    *at = end;
    return true;
}

static bool fits_low_half(uint64_t value) {
    return value <= UINT32_MAX || (int64_t)value >= INT32_MIN;
}

static bool parse_condition(const char **at, struct condition *condition) {
    uint64_t argument;
    bool masked = false;
    condition->mask = UINT64_MAX;
    if (!number(at, &argument) || argument > 5) {
        return false;
    }
    if (**at == '&') {
        ++*at;
        masked = true;
        if (!number(at, &condition->mask)) {
            return false;
        }
    }
    if (*(*at)++ != '=' || !number(at, &condition->value)) {
        return false;
    }
    condition->argument = (unsigned)argument;
    condition->wide = (masked && condition->mask > UINT32_MAX) || !fits_low_half(condition->value);
    return true;
}

static bool parse_action(const char *text, int *action) {
    const struct name *named = find(errnos, sizeof errnos / sizeof *errnos, text, strlen(text));
    uint64_t value;
    if (named != NULL) {
        *action = named->number;
        return true;
    }
    if (!number(&text, &value) || *text != '\0' || value < 1 || value > 4095) {
        return false;
    }
    *action = (int)value;
    return true;
}

int rule_parse(const char *text, struct rule *rule) {
    const char *at = text + strcspn(text, "@=");
    const struct name *call = find(calls, sizeof calls / sizeof *calls, text, (size_t)(at - text));
    if (call == NULL) {
        return -EINVAL;
    }
    rule->call = call->number;
    rule->conditions = 0;
    while (*at == '@') {
        at++;
        if (rule->conditions == RULE_CONDITIONS || !parse_condition(&at, &rule->condition[rule->conditions++])) {
            return -EINVAL;
        }
    }
    if (*at != '=' || !parse_action(at + 1, &rule->action)) {
        return -EINVAL;
    }
    return 0;
}

bool rule_matches(const struct rule *rule, uint64_t call, const uint64_t arguments[6]) {
    if (call != (uint64_t)rule->call) {
        return false;
    }
    for (unsigned i = 0; i < rule->conditions; i++) {
        const struct condition *condition = &rule->condition[i];
        uint64_t compared = condition->wide ? UINT64_MAX : UINT32_MAX;
        uint64_t masked = arguments[condition->argument] & condition->mask;
        if ((masked & compared) != (condition->value & compared)) {
            return false;
        }
    }
    return true;
}
