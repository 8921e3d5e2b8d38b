// SPDX-License-Identifier: Apache-2.0
// hangfs [--watchdog SECONDS] DIR
// A FUSE file system that never answers some requests. Needs CAP_SYS_ADMIN. Mounts itself on DIR and prints `ready`.
//
//   exec   READ hangs: execve of it hangs (mode 0755; once released a script that exits with 7)
//   data   FLUSH hangs: open, read and write work, close does not
//   stuck  OPEN hangs
//   cwd    ACCESS hangs: chdir into it
//   lost   LOOKUP hangs: every use of the path (not listed attributes; once released a script that exits with 8)
//   fine   nothing hangs (a script that exits with 9)
//
// Each request that is left unanswered is told as `held READ exec PID`. Lines on stdin: `release` answers what is held
// and, from then on, everything; `fail` does the same with EIO in place of what would have hung; `hang` holds again.
// At the end of stdin, or after the watchdog (default 60 s), it ends: every outstanding request ends with ENOTCONN, and
// DIR is unmounted. Exit codes: 0 end of stdin or unmounted by somebody else, 1 the mount failed, 2 usage, 3 watchdog.
#include "hangfs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { REQUEST_SIZE = 256 * 1024, HELD_MAX = 256, WRITE_MAX = 128 * 1024 };
enum mode { HANG, RELEASE, FAIL };

static int device = -1;
static enum mode mode = HANG;
static unsigned held_count;
static struct request {
    struct fuse_in_header header;
    char body[512];
} held[HELD_MAX];

static void reply(uint64_t unique, int error, const void *data, size_t size) {
    struct fuse_out_header header = {(uint32_t)(sizeof header + size), error, unique};
    struct iovec parts[] = {{&header, sizeof header}, {(void *)data, size}};
    // ENOENT: the caller was interrupted and has gone.
    if (writev(device, parts, size > 0 ? 2 : 1) < 0 && errno != ENOENT) {
        fprintf(stderr, "hangfs: reply: %s\n", strerror(errno));
    }
}

static void reply_init(const struct fuse_in_header *header, const struct fuse_init_in *in) {
    struct fuse_init_out out = {
        .major = FUSE_KERNEL_VERSION,
        .minor = in->minor < FUSE_KERNEL_MINOR_VERSION ? in->minor : FUSE_KERNEL_MINOR_VERSION,
        .max_readahead = 0,
        // Else a LOOKUP that hangs keeps its directory locked for everybody.
        .flags = in->flags & FUSE_PARALLEL_DIROPS,
        .max_background = 64,
        .congestion_threshold = 48,
        .max_write = WRITE_MAX,
        .time_gran = 1,
    };
    reply(header->unique, 0, &out, sizeof out);
}

static void reply_attributes(uint64_t unique, const struct file *file) {
    struct fuse_attr_out out = {0};
    file_attributes(file, &out.attr);
    reply(unique, 0, &out, sizeof out);
}

static void reply_entry(uint64_t unique, const struct file *file) {
    struct fuse_entry_out out = {.nodeid = file->node, .generation = 1};
    file_attributes(file, &out.attr);
    reply(unique, 0, &out, sizeof out);
}

static void reply_read(const struct fuse_in_header *header, const struct file *file, const struct fuse_read_in *in) {
    size_t length = file->text == NULL ? 0 : strlen(file->text);
    size_t from = in->offset < length ? in->offset : length;
    size_t size = length - from < in->size ? length - from : in->size;
    reply(header->unique, 0, size == 0 ? "" : file->text + from, size);
}

static void reply_list(const struct fuse_in_header *header, const struct fuse_read_in *in) {
    char buffer[4096];
    size_t room = in->size < sizeof buffer ? in->size : sizeof buffer;
    reply(header->unique, 0, buffer, file_list(header->nodeid, in->offset, buffer, room));
}

static void answer(const struct fuse_in_header *header, const void *body) {
    struct fuse_open_out opened = {0};
    struct fuse_statfs_out statistics = {.st = {.bsize = 4096, .namelen = 255, .frsize = 4096}};
    struct fuse_write_out written = {0};
    const struct file *file = header->opcode == FUSE_LOOKUP ? file_named(body) : file_of(header->nodeid);
    if (file == NULL && header->opcode != FUSE_INIT && header->opcode != FUSE_STATFS) {
        reply(header->unique, -ENOENT, NULL, 0);
        return;
    }
    switch (header->opcode) {
    case FUSE_INIT:
        reply_init(header, body);
        break;
    case FUSE_LOOKUP:
        reply_entry(header->unique, file);
        break;
    case FUSE_GETATTR:
    case FUSE_SETATTR:
        reply_attributes(header->unique, file);
        break;
    case FUSE_OPEN:
    case FUSE_OPENDIR:
        reply(header->unique, 0, &opened, sizeof opened);
        break;
    case FUSE_READ:
        reply_read(header, file, body);
        break;
    case FUSE_READDIR:
        reply_list(header, body);
        break;
    case FUSE_WRITE:
        written.size = ((const struct fuse_write_in *)body)->size;
        reply(header->unique, 0, &written, sizeof written);
        break;
    case FUSE_STATFS:
        reply(header->unique, 0, &statistics, sizeof statistics);
        break;
    case FUSE_ACCESS:
    case FUSE_FLUSH:
    case FUSE_FSYNC:
    case FUSE_RELEASE:
    case FUSE_RELEASEDIR:
        reply(header->unique, 0, NULL, 0);
        break;
    default:
        reply(header->unique, -ENOSYS, NULL, 0);
    }
}

static const struct file *hanging(const struct fuse_in_header *header, const void *body) {
    const struct file *file = header->opcode == FUSE_LOOKUP ? file_named(body) : file_of(header->nodeid);
    return file != NULL && file->held == header->opcode ? file : NULL;
}

static void take(const struct fuse_in_header *header, const void *body, size_t size) {
    const struct file *file = hanging(header, body);
    // Nobody waits for an answer to these; an interrupted request stays as stuck as it was.
    if (header->opcode == FUSE_FORGET || header->opcode == FUSE_BATCH_FORGET || header->opcode == FUSE_INTERRUPT) {
        return;
    }
    if (file != NULL && mode == HANG && held_count < HELD_MAX && size <= sizeof held->body) {
        held[held_count].header = *header;
        memcpy(held[held_count++].body, body, size);
        printf("held %s %s %u\n", operation_name(header->opcode), file->name, header->pid);
    } else if (file != NULL && mode == FAIL) {
        reply(header->unique, -EIO, NULL, 0);
    } else {
        answer(header, body);
    }
}

static void change(enum mode to) {
    mode = to;
    for (unsigned i = 0; mode != HANG && i < held_count; i++) {
        if (mode == FAIL) {
            reply(held[i].header.unique, -EIO, NULL, 0);
        } else {
            answer(&held[i].header, held[i].body);
        }
    }
    if (mode != HANG) {
        held_count = 0;
    }
    printf("%s\n", mode == HANG ? "hanging" : mode == FAIL ? "failing" : "released");
}

// false at the end of stdin.
static bool command(void) {
    static char line[64];
    static size_t length;
    ssize_t got = read(STDIN_FILENO, line + length, 1);
    if (got <= 0 || length + 1 == sizeof line) {
        return false;
    }
    if (line[length++] == '\n') {
        line[length - 1] = '\0';
        length = 0;
        if (strcmp(line, "release") == 0) {
            change(RELEASE);
        } else if (strcmp(line, "fail") == 0) {
            change(FAIL);
        } else if (strcmp(line, "hang") == 0) {
            change(HANG);
        } else {
            fprintf(stderr, "hangfs: unknown command: %s\n", line);
        }
    }
    return true;
}

static int serve(long seconds) {
    static char buffer[REQUEST_SIZE] __attribute__((aligned(8)));
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    time_t end = now.tv_sec + seconds;
    for (;;) {
        struct pollfd ready[] = {{device, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (now.tv_sec >= end) {
            return 3;
        }
        if (poll(ready, 2, (int)(end - now.tv_sec) * 1000) < 0 && errno != EINTR) {
            return 1;
        }
        if (ready[1].revents != 0 && !command()) {
            return 0;
        }
        if (ready[0].revents != 0) {
            ssize_t got = read(device, buffer, sizeof buffer);
            struct fuse_in_header *header = (struct fuse_in_header *)buffer;
            if (got >= (ssize_t)sizeof *header) {
                take(header, header + 1, (size_t)got - sizeof *header);
            } else if (got < 0 && errno == ENODEV) {
                return 0;
            }
        }
    }
}

int main(int argc, char **argv) {
    char options[128];
    long seconds = 60;
    if (argc == 4 && strcmp(argv[1], "--watchdog") == 0) {
        seconds = strtol(argv[2], NULL, 10);
    }
    if ((argc != 2 && argc != 4) || seconds <= 0 || seconds > 3600) {
        fprintf(stderr, "usage: hangfs [--watchdog SECONDS] DIR\n");
        return 2;
    }
    const char *directory = argv[argc - 1];
    setvbuf(stdout, NULL, _IOLBF, 0);
    device = open("/dev/fuse", O_RDWR | O_CLOEXEC | O_NONBLOCK);
    snprintf(options, sizeof options, "fd=%d,rootmode=40777,user_id=0,group_id=0,allow_other", device);
    if (device < 0 || mount("hangfs", directory, "fuse.hangfs", MS_NOSUID | MS_NODEV, options) != 0) {
        fprintf(stderr, "hangfs: mount %s: %s\n", directory, strerror(errno));
        return 1;
    }
    puts("ready");
    int result = serve(seconds);
    // First the connection, so that nothing can wait for us while we unmount.
    close(device);
    if (umount2(directory, MNT_DETACH) != 0 && errno != EINVAL) {
        fprintf(stderr, "hangfs: unmount: %s\n", strerror(errno));
    }
    return result;
}
