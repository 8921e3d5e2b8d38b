// SPDX-License-Identifier: Apache-2.0
//
// The cgroup (version 2) that holds one tree: made and removed here, so that no JVM that was killed can leave one
// behind.
#include <errno.h>
#include <fcntl.h>

#include "../sys.h"
#include "supervisor.h"

enum { NAME_BYTES = 64, MODE = 0755, DEPTH = 32, REMOVE_DIRECTORY = 0x200 };

static void leaf_name(const struct supervisor *supervisor, char name[NAME_BYTES]) {
    char *end = name + NAME_BYTES - 1;
    *end = 0;
    char *at = init_decimal(supervisor->config->leaf, end);
    *--at = '-';
    at = init_decimal(supervisor->config->parent, at);
    const char *prefix = "spawn4j-";
    for (int i = 7; i >= 0; i--)
        *--at = prefix[i];
    do
        *name++ = *at;
    while (*at++);
}

static long open_in(const struct supervisor *supervisor, int32_t directory, const char *name, int flags,
                    int32_t *where) {
    return supervisor_own(supervisor, SYS(openat, directory, name, flags | O_CLOEXEC, 0), where);
}

static long limit(const struct supervisor *supervisor, const char *file, int64_t value) {
    char text[24], *end = text + sizeof text, *begin = init_decimal(value, end);
    return value == 0 ? 0 : init_write_file(supervisor->leaf, file, begin, (unsigned long)(end - begin));
}

static long limit_all(const struct supervisor *supervisor, int32_t *call) {
    const struct init_config *config = supervisor->config;
    *call = CALL_LEAF_MEMORY;
    long ret = limit(supervisor, "memory.max", config->memory_max);
    if (ret < 0)
        return ret;
    *call = CALL_LEAF_PIDS;
    if ((ret = limit(supervisor, "pids.max", config->pids_max)) < 0)
        return ret;
    *call = CALL_LEAF_CPU;
    return limit(supervisor, "cpu.max", config->cpu_max);
}

long leaf_make(struct supervisor *supervisor, int32_t *call) {
    char name[NAME_BYTES];
    leaf_name(supervisor, name);
    *call = CALL_LEAF;
    long ret = SYS(mkdirat, supervisor->leaf_parent, name, MODE);
    if (ret < 0)
        return ret;
    ret = open_in(supervisor, supervisor->leaf_parent, name, O_RDONLY | O_DIRECTORY, &supervisor->leaf);
    if (ret == 0)
        ret = open_in(supervisor, supervisor->leaf, "cgroup.events", O_RDONLY, &supervisor->leaf_events);
    if (ret == 0) {
        *call = CALL_LEAF_KILL;
        ret = open_in(supervisor, supervisor->leaf, "cgroup.kill", O_WRONLY, &supervisor->leaf_kill);
    }
    if (ret == 0)
        ret = limit_all(supervisor, call);
    if (ret == 0)
        return 0;
    SYS(unlinkat, supervisor->leaf_parent, name, REMOVE_DIRECTORY);
    return ret;
}

static void count_members(struct supervisor *supervisor) {
    char text[1024];
    int32_t pid = 0;
    long fd = SYS(openat, supervisor->leaf, "cgroup.procs", O_RDONLY | O_CLOEXEC, 0), got;
    if (fd < 0)
        return; // only a number of the report depends on it
    while ((got = SYS(read, fd, text, sizeof text)) > 0)
        for (long i = 0; i < got; i++) {
            if (text[i] >= '0' && text[i] <= '9') {
                pid = pid * 10 + (text[i] - '0');
            } else if (pid > 0) {
                tree_note_signalled(supervisor, pid);
                pid = 0;
            }
        }
    SYS(close, fd);
}

void leaf_kill(struct supervisor *supervisor) {
    count_members(supervisor);
    SYS(write, supervisor->leaf_kill, "1", 1); // what it did not reach is found by the walk that follows
}

int leaf_is_empty(struct supervisor *supervisor) {
    char text[256];
    static const char wanted[] = "populated 0";
    if (supervisor->leaf_events < 0)
        return 1;
    long got = SYS(pread64, supervisor->leaf_events, text, sizeof text, 0);
    for (long at = 0; at + (long)sizeof wanted - 1 <= got; at++) {
        unsigned matching = 0;
        while (wanted[matching] && text[at + matching] == wanted[matching])
            matching++;
        if (!wanted[matching])
            return 1;
    }
    if (got != -ENODEV)
        return 0;
    // Somebody else has removed it, which takes an empty one; this file would always have news.
    SYS(close, supervisor->leaf_events);
    supervisor->leaf_events = -1;
    return 1;
}

// A program that may make cgroups of its own below the leaf leaves them behind empty.
static void remove_below(int32_t directory, int depth) {
    enum { TYPE_DIRECTORY = 4 };
    char buffer[1024] __attribute__((aligned(8)));
    long got;
    while ((got = SYS(getdents64, directory, buffer, sizeof buffer)) > 0)
        for (long at = 0; at < got;) {
            const struct directory_entry *entry = (const struct directory_entry *)(buffer + at);
            at += entry->length;
            if (entry->type != TYPE_DIRECTORY || entry->name[0] == '.' || depth == 0)
                continue;
            long below = SYS(openat, directory, entry->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
            if (below >= 0) {
                remove_below((int32_t)below, depth - 1);
                SYS(close, below);
            }
            SYS(unlinkat, directory, entry->name, REMOVE_DIRECTORY);
        }
}

void leaf_remove(const struct supervisor *supervisor) {
    char name[NAME_BYTES];
    if (supervisor->leaf < 0)
        return;
    leaf_name(supervisor, name);
    if (SYS(unlinkat, supervisor->leaf_parent, name, REMOVE_DIRECTORY) == -EBUSY) {
        remove_below(supervisor->leaf, DEPTH);
        SYS(unlinkat, supervisor->leaf_parent, name, REMOVE_DIRECTORY);
    }
}
