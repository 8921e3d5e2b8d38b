// SPDX-License-Identifier: Apache-2.0
//
// Where spawn4j-init begins: configures itself and becomes the user's program, or supervises it. Freestanding: no libc, no
// relocations, no allocation.
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>

#include "../exec.h"
#include "../sys.h"

#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n"
        "  xor %ebp,%ebp\n"
        "  mov %rsp,%rdi\n"
        "  and $-16,%rsp\n"
        "  call init_main\n"
        "  ud2\n");
#elif defined(__aarch64__)
__asm__(".globl _start\n_start:\n"
        "  mov x29,#0\n"
        "  mov x30,#0\n"
        "  mov x0,sp\n"
        "  bl init_main\n"
        "  brk #1\n");
#endif

static struct init_arrays arrays;

long init_send(int64_t socket, const void *message, unsigned long bytes, int32_t fd) {
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int32_t))];
    } control;
    struct iovec part = {(void *)message, bytes};
    struct msghdr whole = {.msg_iov = &part, .msg_iovlen = 1};
    if (fd >= 0) {
        control.header.cmsg_len = CMSG_LEN(sizeof fd);
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        *(int32_t *)CMSG_DATA(&control.header) = fd;
        whole.msg_control = &control;
        whole.msg_controllen = sizeof control;
    }
    long ret;
    do {
        ret = fd >= 0 ? SYS(sendmsg, socket, &whole, MSG_NOSIGNAL)
                      : SYS(sendto, socket, message, bytes, MSG_NOSIGNAL, 0, 0);
    } while (ret == -EINTR);
    return ret < 0 ? ret : 0;
}

long init_answer(int64_t socket, int32_t kind, int32_t stage, long error, int32_t call) {
    struct init_answer message = {kind, stage, (int32_t)-error, call};
    return init_send(socket, &message, sizeof message, -1);
}

static void nothing_after(void *unused) {
    (void)unused;
}

long init_run(const struct init_config *config, const struct init_program *program, long (*before)(void *),
              void *context) {
    program->candidates[config->candidates] = 0; // ends them; the same element is the room that s4j_run may need
    struct s4j_program run = {(const char *const *)program->candidates, program->argv, program->envp};
    return s4j_run(&run, before, nothing_after, context);
}

static long nothing_before(void *unused) {
    (void)unused;
    return 0;
}

static long become(const struct init_config *config, const struct init_program *program, int32_t *stage) {
    long ret = init_configure(config, arrays.groups, stage);
    if (ret < 0)
        return ret;
    *stage = STAGE_PARENT_DEATH;
    // A credential change has cleared it (prctl(2)), whatever set it before.
    if ((ret = s4j_tie_to_parent((int32_t)config->death_signal, (int32_t)config->parent)) < 0)
        return ret;
    *stage = STAGE_EXEC;
    if ((ret = SYS(fcntl, config->socket, F_SETFD, FD_CLOEXEC)) < 0)
        return ret;
    // A JVM that gave this start up, or is gone, has closed its end: then nothing is to run.
    if ((ret = init_answer(config->socket, INIT_READY, STAGE_EXEC, 0, 0)) < 0)
        return ret;
    return init_run(config, program, nothing_before, 0);
}

__attribute__((noreturn, used)) void init_main(long *stack) {
    long argc = stack[0];
    const char **argv = (const char **)(stack + 1);
    struct init_config config;
    if (argc >= 5 && init_parse(argv[1], &config, &arrays) == 0 && config.candidates >= 1 &&
        config.candidates + 4 <= argc) {
        struct init_program program = {argv + 2, argv + 3 + config.candidates, (const char *const *)(argv + argc + 1)};
        if (config.rung != RUNG_NONE)
            init_supervise(&config, &arrays, &program);
        int32_t stage = STAGE_HELPER;
        long ret = become(&config, &program, &stage);
        init_answer(config.socket, INIT_FAILED, stage, ret, 0);
    }
    for (;;) // alone it only shows that it runs
        SYS(exit_group, argc == 1 ? 0 : INIT_EXIT_NEVER_RAN);
}
