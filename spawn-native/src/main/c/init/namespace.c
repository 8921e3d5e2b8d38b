// SPDX-License-Identifier: Apache-2.0
//
// A PID namespace whose pid 1 supervises: when it ends, for whatever reason, the kernel kills everything inside.
#include <errno.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <linux/sched.h>

#include "../sys.h"
#include "supervisor.h"

enum { SIGNAL_CHILD = 17, SIGNAL_KILL = 9, WAIT_ALL = 0, WAIT_EXITED = 4, EVERYTHING = ~0U };
enum { NO_SUID = 2, NO_DEVICES = 4, NO_EXEC = 8, RECURSIVE = 16384, SLAVE = 1 << 19 };

// "ID ID 1": the only line that an ordinary user may write.
static long map_itself(const char *path, int64_t id) {
    char text[64], *end = text + sizeof text - 1, *at = end;
    *--at = '1';
    *--at = ' ';
    at = init_decimal(id, at);
    *--at = ' ';
    at = init_decimal(id, at);
    return init_write_file(AT_FDCWD, path, at, (unsigned long)(end - at));
}

static long map_ids(int64_t uid, int64_t gid) {
    long ret = init_write_file(AT_FDCWD, "/proc/self/setgroups", "deny", 4);
    if (ret == 0)
        ret = map_itself("/proc/self/uid_map", uid);
    return ret == 0 ? map_itself("/proc/self/gid_map", gid) : ret;
}

// Slave, not private: what the host mounts later appears inside, and nothing of this goes out.
static long mount_proc(void) {
    long ret = SYS(mount, "none", "/", 0, RECURSIVE | SLAVE, 0);
    return ret < 0 ? ret : SYS(mount, "proc", "/proc", "proc", NO_SUID | NO_DEVICES | NO_EXEC, 0);
}

static _Noreturn void wait_for_it(const struct supervisor *supervisor) {
    struct k_siginfo info;
    // Its descriptors are the inner one's affair now; a copy here would hide a hang-up.
    if (SYS(close_range, 0, EVERYTHING, 0) < 0)
        for (int fd = 0; fd < supervisor->config->above + 16; fd++)
            SYS(close, fd);
    SYS(chdir, "/"); // pins no file system
    if (s4j_tie_to_parent(SIGNAL_KILL, (int32_t)supervisor->config->parent) == 0)
        while (SYS(waitid, WAIT_ALL, 0, &info, WAIT_EXITED, 0) != -ECHILD)
            ;
    for (;;)
        SYS(exit_group, 0);
}

long namespace_enter(struct supervisor *supervisor, int32_t *call) {
    int64_t uid = SYS(geteuid), gid = SYS(getegid);
    int own_user = 0;
    *call = CALL_NAMESPACE;
    long pid = SYS(clone, CLONE_NEWPID | CLONE_NEWNS | SIGNAL_CHILD, 0, 0, 0, 0);
    if (pid == -EPERM) {
        own_user = 1;
        pid = SYS(clone, CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | SIGNAL_CHILD, 0, 0, 0, 0);
    }
    if (pid > 0)
        wait_for_it(supervisor);
    if (pid < 0)
        return pid;
    // Should the other one be dead already, the socket's hang-up says so where it matters.
    long ret = SYS(prctl, PR_SET_PDEATHSIG, SIGNAL_KILL, 0, 0, 0);
    if (ret < 0)
        return ret;
    *call = CALL_ID_MAP;
    if (own_user && (ret = map_ids(uid, gid)) < 0)
        return ret;
    *call = CALL_MOUNT;
    return mount_proc();
}
