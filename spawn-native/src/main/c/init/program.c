// SPDX-License-Identifier: Apache-2.0
//
// The program's own process under a supervising spawn4j-init, up to its exec: memory of its own, and one pipe to say
// how it went.
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>

#include "../sys.h"
#include "supervisor.h"

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x1000
#endif
#ifndef CLONE_INTO_CGROUP
#define CLONE_INTO_CGROUP 0x200000000ULL // Linux 5.7
#endif

enum { SIGNAL_CHILD = 17, SIGNAL_KILL = 9, SET_MASK = 2 };

struct before_exec {
    int32_t pipe;
    uint64_t blocked;
    int32_t stage;
};

static void tell(int32_t pipe, int32_t kind, int32_t stage, long error) {
    struct init_answer answer = {kind, stage, (int32_t)-error, 0};
    SYS(write, pipe, &answer, sizeof answer);
}

static long about_to_exec(void *context) {
    struct before_exec *exec = context;
    exec->stage = STAGE_SIGNALS;
    long ret = SYS(rt_sigprocmask, SET_MASK, &exec->blocked, 0, K_SIGSET_BYTES);
    if (ret < 0)
        return ret;
    exec->stage = STAGE_EXEC;
    tell(exec->pipe, INIT_READY, STAGE_EXEC, 0);
    return 0;
}

static long prepare(const struct supervisor *supervisor, int in_leaf, int32_t *stage) {
    const struct init_config *config = supervisor->config;
    // A program that outlived a killed spawn4j-init would be nobody's.
    *stage = STAGE_PARENT_DEATH;
    long ret = s4j_tie_to_parent(SIGNAL_KILL, supervisor->self);
    if (ret < 0)
        return ret;
    *stage = STAGE_CGROUP;
    if (supervisor->leaf >= 0 && !in_leaf && (ret = init_write_file(supervisor->leaf, "cgroup.procs", "0", 1)) < 0)
        return ret;
    struct s4j_attributes attributes = {
        .flags = (uint32_t)config->attributes,
        .group = (int32_t)config->process_group,
        .umask = (uint32_t)config->umask,
        .nice = (int32_t)config->nice,
        .affinity = supervisor->arrays->affinity,
        .affinity_bytes = (uint32_t)config->affinity_words * sizeof(uint64_t),
        .limits = supervisor->arrays->limits,
        .limit_count = (uint32_t)config->limits,
    };
    if (config->rung == RUNG_PROCESS_GROUP && !(attributes.flags & (FLAG_NEW_SESSION | FLAG_SET_GROUP))) {
        attributes.flags |= FLAG_SET_GROUP;
        attributes.group = 0;
    }
    if ((ret = s4j_set_attributes(&attributes, stage)) < 0)
        return ret;
    if ((ret = init_configure(config, supervisor->arrays->groups, stage)) < 0)
        return ret;
    *stage = STAGE_PARENT_DEATH;
    if (config->flags & (INIT_UID | INIT_GID | INIT_CAPABILITIES) &&
        (ret = s4j_tie_to_parent(SIGNAL_KILL, supervisor->self)) < 0)
        return ret;
    *stage = STAGE_SIGNALS;
    // All are at their default since before spawn4j-init.
    return config->ignored ? s4j_reset_signals((uint64_t)config->ignored) : 0;
}

static _Noreturn void become(const struct supervisor *supervisor, int in_leaf, int32_t pipe) {
    struct before_exec exec = {pipe, (uint64_t)supervisor->config->blocked, STAGE_EXEC};
    int32_t stage = STAGE_CONTAINMENT;
    long ret = prepare(supervisor, in_leaf, &stage);
    if (ret == 0) {
        ret = init_run(supervisor->config, supervisor->run, about_to_exec, &exec);
        stage = exec.stage;
    }
    tell(pipe, INIT_FAILED, stage, ret);
    for (;;)
        SYS(exit_group, INIT_EXIT_NEVER_RAN);
}

static long clone_process(struct supervisor *supervisor, int *in_leaf) {
    long pid = -ENOSYS;
    *in_leaf = 1;
    if (supervisor->leaf >= 0 && !supervisor->config->avoid_clone3) {
        // Writing to cgroup.procs takes a lock of the whole host that waits for a grace period of RCU.
        struct clone_args args = {
            .flags = CLONE_PIDFD | CLONE_INTO_CGROUP,
            .pidfd = (uint64_t)(uintptr_t)&supervisor->program_pidfd,
            .exit_signal = SIGNAL_CHILD,
            .cgroup = (uint64_t)supervisor->leaf,
        };
        pid = SYS(clone3, &args, sizeof args);
    }
    if (pid == -ENOSYS || pid == -EPERM || pid == -EINVAL || pid == -E2BIG) { // a profile's answers, an old kernel's
        *in_leaf = 0;
        pid = SYS(clone, CLONE_PIDFD | SIGNAL_CHILD, 0, &supervisor->program_pidfd, 0, 0);
    }
    return pid;
}

static void close_programs_descriptors(const struct init_config *config) {
    if (SYS(close_range, 0, config->above - 1, 0) < 0)
        for (int fd = 0; fd < config->above; fd++)
            SYS(close, fd);
}

long program_start(struct supervisor *supervisor, int32_t *call) {
    int32_t pair[2];
    int in_leaf;
    *call = CALL_CLONE;
    long ret = SYS(pipe2, pair, O_CLOEXEC | O_NONBLOCK);
    if (ret < 0)
        return ret;
    long pid = clone_process(supervisor, &in_leaf);
    if (pid == 0)
        become(supervisor, in_leaf, pair[1]);
    SYS(close, pair[1]);
    if (pid < 0) {
        SYS(close, pair[0]);
        return pid;
    }
    supervisor->program = (int32_t)pid;
    *call = CALL_DESCRIPTORS;
    ret = supervisor_own(supervisor, pair[0], &supervisor->exec_pipe);
    if (ret == 0)
        ret = supervisor_own(supervisor, supervisor->program_pidfd, &supervisor->program_pidfd);
    if (supervisor->config->rung == RUNG_PROCESS_GROUP)
        supervisor->group_by_pidfd = group_is_reached_by_pidfd(supervisor);
    // A signal to the JVM's whole group, by kill(1) or from a terminal, is not to end the one that ends the tree; with
    // a namespace it may, for the kernel ends everything inside then. Into a session of its own, and not just a group:
    // a parent in another group of the same session would make the JVM's group count as orphaned when it ends, and with
    // a stopped process in it the kernel would send SIGHUP to them all.
    if (ret == 0 && supervisor->config->rung != RUNG_PID_NAMESPACE) {
        *call = CALL_SESSION;
        ret = SYS(setsid);
    }
    close_programs_descriptors(supervisor->config);
    if (supervisor->joined >= 0)
        SYS(close, supervisor->joined);
    SYS(chdir, "/"); // pins no file system; a failure changes nothing for the program
    return ret;
}
