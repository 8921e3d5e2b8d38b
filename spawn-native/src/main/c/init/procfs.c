// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <fcntl.h>

#include "../sys.h"
#include "supervisor.h"

enum { PATH_BYTES = 64, NUMBER_BYTES = 24 };

static char *append(char *at, const char *text) {
    while (*text)
        *at++ = *text++;
    *at = 0;
    return at;
}

static char *append_number(char *at, int32_t number) {
    char text[NUMBER_BYTES];
    text[NUMBER_BYTES - 1] = 0;
    return append(at, init_decimal(number, text + NUMBER_BYTES - 1));
}

static long open_file(const char *path) {
    return SYS(openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
}

static const char *number(const char *at, int32_t *value) {
    int negative = *at == '-';
    at += negative;
    for (*value = 0; *at >= '0' && *at <= '9'; at++)
        *value = *value * 10 + (*at - '0');
    if (negative)
        *value = -*value;
    return *at ? at + 1 : at;
}

long proc_stat(int32_t pid, struct proc_stat *stat) {
    char path[PATH_BYTES], text[512];
    append(append_number(append(path, "/proc/"), pid), "/stat");
    long fd = open_file(path);
    if (fd < 0)
        return fd;
    long got = SYS(read, fd, text, sizeof text - 1);
    SYS(close, fd);
    if (got <= 0)
        return got < 0 ? got : -ESRCH;
    text[got] = 0;
    const char *at = text + got; // the name before it may hold anything, parentheses among it
    while (at > text && *at != ')')
        at--;
    if (at == text || at + 4 > text + got)
        return -EINVAL;
    enum { PARENT = 4, GROUP = 5, THREADS = 20 }; // as proc_pid_stat(5) counts
    stat->state = at[2];
    stat->threads = 1;
    at += 4;
    for (int field = PARENT; field <= THREADS && *at; field++) {
        int32_t value;
        at = number(at, &value);
        if (field == PARENT)
            stat->parent = value;
        else if (field == GROUP)
            stat->group = value;
        else if (field == THREADS)
            stat->threads = value;
    }
    return 0;
}

long proc_numbers(const char *path, void (*visit)(void *, int32_t), void *context) {
    char buffer[2048] __attribute__((aligned(8)));
    long fd = SYS(openat, AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0), got;
    if (fd < 0)
        return fd;
    while ((got = SYS(getdents64, fd, buffer, sizeof buffer)) > 0) {
        for (long at = 0; at < got;) {
            const struct directory_entry *entry = (const struct directory_entry *)(buffer + at);
            int32_t value;
            if (entry->name[0] >= '1' && entry->name[0] <= '9') {
                number(entry->name, &value);
                visit(context, value);
            }
            at += entry->length;
        }
    }
    SYS(close, fd);
    return got;
}

struct thread_visit {
    int32_t pid;
    void (*visit)(void *, int32_t);
    void *context;
    long error;
};

static void visit_thread(void *context, int32_t thread) {
    struct thread_visit *threads = context;
    char path[PATH_BYTES], text[1024];
    int32_t child = 0, digits = 0;
    append(append_number(append(append_number(append(path, "/proc/"), threads->pid), "/task/"), thread), "/children");
    long fd = open_file(path), got;
    if (fd < 0) {
        if (fd != -ENOENT || thread == threads->pid) // a thread may end meanwhile
            threads->error = fd;
        return;
    }
    while ((got = SYS(read, fd, text, sizeof text)) > 0)
        for (long i = 0; i < got; i++) {
            if (text[i] >= '0' && text[i] <= '9') {
                child = child * 10 + (text[i] - '0');
                digits++;
            } else if (digits > 0) {
                threads->visit(threads->context, child);
                child = digits = 0;
            }
        }
    SYS(close, fd);
    if (got < 0)
        threads->error = got;
}

long proc_children(int32_t pid, void (*visit)(void *, int32_t), void *context) {
    char path[PATH_BYTES];
    struct thread_visit threads = {pid, visit, context, 0};
    append(append_number(append(path, "/proc/"), pid), "/task");
    long ret = proc_numbers(path, visit_thread, &threads);
    return ret < 0 ? ret : threads.error;
}
