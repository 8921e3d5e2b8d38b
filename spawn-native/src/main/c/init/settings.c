// SPDX-License-Identifier: Apache-2.0
//
// The settings that need a process with memory of its own, in the order in which each still has the rights it needs.
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/prctl.h>

#include "../sys.h"
#include "init.h"

enum { LAST_CAPABILITY_TRIED = 63 };

static long set_oom_score(int64_t score) {
    char text[24], *end = text + sizeof text, *begin = init_decimal(score, end);
    return init_write_file(AT_FDCWD, "/proc/self/oom_score_adj", begin, (unsigned long)(end - begin));
}

static long join_cgroup(int64_t procs) {
    long ret = SYS(write, procs, "0", 1);
    SYS(close, procs);
    return ret < 0 ? ret : 0;
}

static long narrow_bounding_set(uint64_t keep) {
    for (int capability = 0; capability <= LAST_CAPABILITY_TRIED; capability++) {
        long has = SYS(prctl, PR_CAPBSET_READ, capability, 0, 0, 0);
        if (has == -EINVAL) // beyond the kernel's last
            return 0;
        if (has < 0)
            return has;
        if (has == 1 && !(keep & (UINT64_C(1) << capability))) {
            long ret = SYS(prctl, PR_CAPBSET_DROP, capability, 0, 0, 0);
            if (ret < 0)
                return ret;
        }
    }
    return 0;
}

static long set_capabilities(uint64_t keep) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    for (int half = 0; half < 2; half++) {
        uint32_t bits = (uint32_t)(keep >> (32 * half));
        data[half].effective = data[half].permitted = data[half].inheritable = bits;
    }
    long ret = SYS(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    if (ret == 0)
        ret = SYS(capset, &header, data);
    for (int capability = 0; ret == 0 && capability <= LAST_CAPABILITY_TRIED; capability++)
        if (keep & (UINT64_C(1) << capability))
            ret = SYS(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0);
    return ret;
}

// From one ordinary user to another the kernel leaves them all, and exec would pass the ambient ones on.
static long give_capabilities_up(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
    long ret = SYS(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    return ret < 0 && ret != -EINVAL /* before Linux 4.3 */ ? ret : SYS(capset, &header, none);
}

long init_configure(const struct init_config *config, const uint32_t *groups, int32_t *stage) {
    const int64_t flags = config->flags;
    long ret;
    *stage = STAGE_OOM_SCORE;
    if (flags & INIT_OOM_SCORE && (ret = set_oom_score(config->oom_score)) < 0)
        return ret;
    *stage = STAGE_CGROUP;
    if (flags & INIT_CGROUP && (ret = join_cgroup(config->cgroup)) < 0)
        return ret;
    *stage = STAGE_BOUNDING_SET;
    if (flags & INIT_CAPABILITIES && (ret = narrow_bounding_set((uint64_t)config->capabilities)) < 0)
        return ret;
    *stage = STAGE_SUPPLEMENTARY_GROUPS;
    if (flags & INIT_GROUPS && (ret = SYS(setgroups, config->groups, groups)) < 0)
        return ret;
    *stage = STAGE_GROUP;
    if (flags & INIT_GID && (ret = SYS(setresgid, config->gid, config->gid, config->gid)) < 0)
        return ret;
    *stage = STAGE_USER;
    // Else the change away from root takes the permitted set along, before the wanted part of it is kept. Exec clears
    // this.
    if (flags & INIT_UID && flags & INIT_CAPABILITIES && (ret = SYS(prctl, PR_SET_KEEPCAPS, 1, 0, 0, 0)) < 0)
        return ret;
    if (flags & INIT_UID && (ret = SYS(setresuid, config->uid, config->uid, config->uid)) < 0)
        return ret;
    *stage = STAGE_CAPABILITIES;
    if (flags & INIT_UID && !(flags & INIT_CAPABILITIES) && config->uid != 0 && (ret = give_capabilities_up()) < 0)
        return ret;
    if (flags & INIT_CAPABILITIES && (ret = set_capabilities((uint64_t)config->capabilities)) < 0)
        return ret;
    *stage = STAGE_NO_NEW_PRIVILEGES;
    return flags & INIT_NO_NEW_PRIVILEGES ? SYS(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) : 0;
}
