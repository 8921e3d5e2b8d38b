// SPDX-License-Identifier: Apache-2.0
// inject TID RULE [TIMES [SKIP [WHOSE]]] Makes a system call of one running thread, and of the processes it clones
// until their exec, fail as RULE (rule.h) says: after SKIP calls that match (default 0), TIMES calls (default 1; 0:
// all). WHOSE is `any` (the default), `own` (only calls of the thread itself count) or `cloned` (only calls of the
// others). Prints `attached`, then `injected TID` for each failure. Lets everything go when stdin ends. Unlike a
// seccomp filter it hits a chosen call of a thread that has been running for long. Exit codes: 0 let go, 1 could not
// trace, 2 usage.
#include "inject.h"
#include "rule.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TRACED_MAX = 64 };
static const long options =
    PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC;

static struct rule rule;
static pid_t main_thread;
static bool own_calls = true;
static bool cloned_calls = true;
static unsigned long skip;
static unsigned long times = 1;
static bool unlimited;
static volatile sig_atomic_t ending;
// A thread is in here while it is traced; `failing` between the entry and the exit of a call that shall fail.
static struct {
    pid_t thread;
    bool failing;
} traced[TRACED_MAX];

static int slot_of(pid_t thread) {
    int free_slot = -1;
    for (int i = 0; i < TRACED_MAX; i++) {
        if (traced[i].thread == thread) {
            return i;
        }
        if (traced[i].thread == 0 && free_slot < 0) {
            free_slot = i;
        }
    }
    if (free_slot >= 0) {
        traced[free_slot].thread = thread;
        traced[free_slot].failing = false;
    }
    return free_slot;
}

static void on_alarm(int signal_number) {
    (void)signal_number;
    ending = 1;
}

static bool due(pid_t thread) {
    if (!(thread == main_thread ? own_calls : cloned_calls)) {
        return false;
    }
    if (skip > 0) {
        skip--;
        return false;
    }
    if (!unlimited && times == 0) {
        return false;
    }
    times -= unlimited ? 0 : 1;
    return true;
}

static void at_system_call(pid_t thread, int slot) {
    struct __ptrace_syscall_info call;
    if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof call, &call) <= 0) {
        return;
    }
    uint64_t arguments[6];
    memcpy(arguments, call.entry.args, sizeof arguments);
    if (call.op == PTRACE_SYSCALL_INFO_ENTRY && rule_matches(&rule, call.entry.nr, arguments) && due(thread)) {
        traced[slot].failing = registers_skip_call(thread) == 0;
    } else if (call.op == PTRACE_SYSCALL_INFO_EXIT && traced[slot].failing) {
        traced[slot].failing = false;
        if (registers_set_result(thread, -(long)rule.action) == 0) {
            printf("injected %d\n", thread);
        }
    }
}

static void let_go(pid_t thread, int slot, int signal_number) {
    ptrace(PTRACE_DETACH, thread, 0, (long)signal_number);
    traced[slot].thread = 0;
}

static void at_stop(pid_t thread, int slot, int status) {
    int signal_number = WSTOPSIG(status);
    int event = status >> 16;
    if (signal_number == (SIGTRAP | 0x80)) {
        at_system_call(thread, slot);
        signal_number = 0;
    } else if (event == PTRACE_EVENT_EXEC) {
        let_go(thread, slot, 0);
        return;
    } else if (event != 0) {
        signal_number = 0;
    }
    if (ending && !traced[slot].failing) {
        let_go(thread, slot, signal_number);
    } else {
        ptrace(PTRACE_SYSCALL, thread, 0, (long)signal_number);
    }
}

// One process must wait for the threads and for stdin: a helper turns the end of stdin into SIGUSR1.
static pid_t watch_stdin(void) {
    pid_t tracer = getpid();
    pid_t helper = fork();
    if (helper == 0) {
        char rest[64];
        while (read(STDIN_FILENO, rest, sizeof rest) > 0) {
        }
        kill(tracer, SIGUSR1);
        _exit(0);
    }
    return helper;
}

static bool any_traced(void) {
    for (int i = 0; i < TRACED_MAX; i++) {
        if (traced[i].thread != 0) {
            return true;
        }
    }
    return false;
}

static void interrupt_all(void) {
    for (int i = 0; i < TRACED_MAX; i++) {
        if (traced[i].thread != 0) {
            ptrace(PTRACE_INTERRUPT, traced[i].thread, 0, 0);
        }
    }
}

static void trace(pid_t helper) {
    bool told = false;
    while (any_traced()) {
        int status;
        pid_t thread = waitpid(-1, &status, __WALL);
        if (ending && !told) {
            told = true;
            interrupt_all();
        }
        if (thread < 0 && errno != EINTR) {
            return;
        }
        if (thread <= 0 || thread == helper) {
            continue;
        }
        int slot = slot_of(thread);
        if (slot < 0) {
            ptrace(PTRACE_DETACH, thread, 0, 0);
        } else if (WIFSTOPPED(status)) {
            at_stop(thread, slot, status);
        } else {
            traced[slot].thread = 0;
        }
    }
}

int main(int argc, char **argv) {
    pid_t thread = argc >= 3 ? (pid_t)strtol(argv[1], NULL, 10) : 0;
    if (thread <= 0 || argc > 6 || rule_parse(argv[2], &rule) != 0 || rule.action <= 0) {
        fprintf(stderr, "usage: inject TID RULE [TIMES [SKIP [any|own|cloned]]]\n");
        return 2;
    }
    times = argc > 3 ? strtoul(argv[3], NULL, 10) : 1;
    unlimited = times == 0;
    skip = argc > 4 ? strtoul(argv[4], NULL, 10) : 0;
    own_calls = argc <= 5 || strcmp(argv[5], "cloned") != 0;
    cloned_calls = argc <= 5 || strcmp(argv[5], "own") != 0;
    main_thread = thread;
    setvbuf(stdout, NULL, _IOLBF, 0);
    // No SA_RESTART: waitpid shall come back.
    struct sigaction action = {.sa_handler = on_alarm};
    sigaction(SIGUSR1, &action, NULL);
    if (ptrace(PTRACE_SEIZE, thread, 0, options) != 0 || ptrace(PTRACE_INTERRUPT, thread, 0, 0) != 0) {
        fprintf(stderr, "inject: cannot trace %d: %s\n", thread, strerror(errno));
        return 1;
    }
    int status;
    if (waitpid(thread, &status, __WALL) != thread || !WIFSTOPPED(status)) {
        fprintf(stderr, "inject: %d does not stop\n", thread);
        return 1;
    }
    traced[slot_of(thread)].thread = thread;
    ptrace(PTRACE_SYSCALL, thread, 0, 0);
    pid_t helper = watch_stdin();
    puts("attached");
    trace(helper);
    kill(helper, SIGKILL);
    return 0;
}
