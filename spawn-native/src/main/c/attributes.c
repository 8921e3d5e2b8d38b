// SPDX-License-Identifier: Apache-2.0
#include "attributes.h"

#include <errno.h>

#include "sys.h"

#ifndef PR_SET_PDEATHSIG
#define PR_SET_PDEATHSIG 1
#endif

enum { PRIORITY_PROCESS = 0, SIGNAL_KILL = 9, SIGNAL_STOP = 19 };

static long set_group(const struct s4j_attributes *attributes, int32_t *stage) {
    if (attributes->flags & FLAG_NEW_SESSION) {
        *stage = STAGE_SESSION;
        long sid = SYS(setsid);
        if (sid < 0)
            return sid;
    }
    if (attributes->flags & FLAG_SET_GROUP) {
        *stage = STAGE_PROCESS_GROUP;
        return SYS(setpgid, 0, attributes->group);
    }
    return 0;
}

long s4j_set_attributes(const struct s4j_attributes *attributes, int32_t *stage) {
    long ret = set_group(attributes, stage);
    if (ret < 0)
        return ret;
    if (attributes->flags & FLAG_UMASK) {
        *stage = STAGE_UMASK;
        ret = SYS(umask, attributes->umask);
        if (ret < 0) // it never fails by itself, but a filter may refuse it
            return ret;
    }
    if (attributes->flags & FLAG_NICE) {
        *stage = STAGE_NICE;
        ret = SYS(setpriority, PRIORITY_PROCESS, 0, attributes->nice);
        if (ret < 0)
            return ret;
    }
    if (attributes->affinity_bytes > 0) {
        *stage = STAGE_AFFINITY;
        ret = SYS(sched_setaffinity, 0, attributes->affinity_bytes, attributes->affinity);
        if (ret < 0)
            return ret;
    }
    const struct s4j_limit *limits = attributes->limits;
    for (uint32_t i = 0; i < attributes->limit_count; i++) {
        *stage = STAGE_RESOURCE_LIMIT;
        uint64_t pair[2] = {limits[i].soft, limits[i].hard};
        ret = SYS(prlimit64, 0, limits[i].resource, pair, 0);
        if (ret < 0)
            return ret;
    }
    return 0;
}

long s4j_tie_to_parent(int32_t signal, int32_t parent) {
    if (signal == 0)
        return 0;
    long ret = SYS(prctl, PR_SET_PDEATHSIG, signal, 0, 0, 0);
    if (ret < 0)
        return ret;
    // It may have died before the call; no signal would ever come.
    return SYS(getppid) == parent ? 0 : -ESRCH;
}

long s4j_reset_signals(uint64_t ignored) {
    struct k_sigaction action = {K_SIG_DFL, 0, 0, 0};
    for (int sig = 1; sig <= K_NSIG; sig++) {
        if (sig == SIGNAL_KILL || sig == SIGNAL_STOP)
            continue;
        action.handler = ignored & sig_bit(sig) ? K_SIG_IGN : K_SIG_DFL;
        long ret = SYS(rt_sigaction, sig, &action, 0, K_SIGSET_BYTES);
        if (ret < 0)
            return ret;
    }
    return 0;
}
