// SPDX-License-Identifier: Apache-2.0
//
// The configuration, which comes as text in argv: the kernel copies it at exec, so nothing is shared and nothing need
// be sent.
#include <errno.h>

#include "init.h"

enum { CONFIG_NUMBERS = sizeof(struct init_config) / sizeof(int64_t) };

// The next number of a comma-separated list, or -1 at its end and for anything that is no number.
static int parse_number(const char **text, int64_t *value) {
    const char *at = *text;
    int negative = *at == '-';
    uint64_t number = 0;
    at += negative;
    if (*at < '0' || *at > '9')
        return -1;
    for (; *at >= '0' && *at <= '9'; at++)
        number = number * 10 + (uint64_t)(*at - '0');
    if (*at == ',')
        at++;
    else if (*at)
        return -1;
    *value = (int64_t)(negative ? -number : number);
    *text = at;
    return 0;
}

static int in_range(int64_t value, int64_t most) {
    return value >= 0 && value <= most;
}

static long parse_limit(const char **text, struct s4j_limit *limit) {
    int64_t resource, soft, hard;
    if (parse_number(text, &resource) < 0 || parse_number(text, &soft) < 0 || parse_number(text, &hard) < 0)
        return -EINVAL;
    limit->resource = (uint32_t)resource;
    limit->soft = (uint64_t)soft;
    limit->hard = (uint64_t)hard;
    return 0;
}

long init_parse(const char *text, struct init_config *config, struct init_arrays *arrays) {
    int64_t *numbers = (int64_t *)config, number;
    for (unsigned i = 0; i < CONFIG_NUMBERS; i++)
        if (parse_number(&text, &numbers[i]) < 0)
            return -EINVAL;
    if (config->version != INIT_VERSION || !in_range(config->groups, INIT_MAX_GROUPS) ||
        !in_range(config->affinity_words, INIT_MAX_AFFINITY_WORDS) || !in_range(config->limits, INIT_MAX_LIMITS) ||
        !in_range(config->rung, RUNG_PID_NAMESPACE))
        return -EINVAL;
    for (int64_t i = 0; i < config->groups; i++) {
        if (parse_number(&text, &number) < 0)
            return -EINVAL;
        arrays->groups[i] = (uint32_t)number;
    }
    for (int64_t i = 0; i < config->affinity_words; i++) {
        if (parse_number(&text, &number) < 0)
            return -EINVAL;
        arrays->affinity[i] = (uint64_t)number;
    }
    for (int64_t i = 0; i < config->limits; i++)
        if (parse_limit(&text, &arrays->limits[i]) < 0)
            return -EINVAL;
    return *text ? -EINVAL : 0;
}

char *init_decimal(int64_t value, char *end) {
    uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do {
        *--end = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    if (value < 0)
        *--end = '-';
    return end;
}
