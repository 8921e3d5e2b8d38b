// SPDX-License-Identifier: Apache-2.0
// sigstate Prints what a process inherits beside its descriptors, one `key=value` per line: SigBlk, SigIgn, SigCgt,
// SigPnd and ShdPnd (hex, as in /proc/self/status), NoNewPrivs, Seccomp, pid, ppid, pgid, sid, umask (octal), nice,
// affinity (list), NOFILE, CORE, NPROC, STACK (soft:hard, -1 unlimited), pdeathsig, dumpable, cwd, uid, gid. Exit
// codes: 0, 1 without /proc.
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const fields[] = {"SigBlk", "SigIgn", "SigCgt", "SigPnd", "ShdPnd", "NoNewPrivs", "Seccomp"};

static void print_field(const char *line) {
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        size_t length = strlen(fields[i]);
        char value[64];
        if (strncmp(line, fields[i], length) == 0 && sscanf(line + length, ":%63s", value) == 1) {
            printf("%s=%s\n", fields[i], value);
        }
    }
}

static void print_affinity(void) {
    cpu_set_t set;
    const char *separator = "";
    if (sched_getaffinity(0, sizeof set, &set) != 0) {
        return;
    }
    printf("affinity=");
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, &set)) {
            printf("%s%d", separator, cpu);
            separator = ",";
        }
    }
    putchar('\n');
}

static void print_limit(const char *name, int resource) {
    struct rlimit limit;
    if (getrlimit((__rlimit_resource_t)resource, &limit) == 0) {
        printf("%s=%lld:%lld\n", name, (long long)limit.rlim_cur, (long long)limit.rlim_max);
    }
}

int main(void) {
    char line[1024];
    char directory[PATH_MAX];
    int death = 0;
    FILE *status = fopen("/proc/self/status", "re");
    if (status == NULL) {
        perror("sigstate: /proc/self/status");
        return 1;
    }
    while (fgets(line, sizeof line, status) != NULL) {
        print_field(line);
    }
    fclose(status);
    mode_t mask = umask(0);
    prctl(PR_GET_PDEATHSIG, &death, 0, 0, 0);
    printf("pid=%d\nppid=%d\npgid=%d\nsid=%d\n", getpid(), getppid(), getpgrp(), getsid(0));
    printf("umask=%04o\nnice=%d\n", (unsigned)mask, getpriority(PRIO_PROCESS, 0));
    print_affinity();
    print_limit("NOFILE", RLIMIT_NOFILE);
    print_limit("CORE", RLIMIT_CORE);
    print_limit("NPROC", RLIMIT_NPROC);
    print_limit("STACK", RLIMIT_STACK);
    printf("pdeathsig=%d\ndumpable=%d\n", death, prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
    printf("cwd=%s\n", getcwd(directory, sizeof directory) == NULL ? "" : directory);
    printf("uid=%u\ngid=%u\n", getuid(), getgid());
    return 0;
}
