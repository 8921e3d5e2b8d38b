// SPDX-License-Identifier: Apache-2.0
//
// Where spawn4j-init begins: configures itself and becomes the user's program, or supervises it. Freestanding: no libc,
// no relocations, no allocation.
#include "init.h"

#include <fcntl.h>

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
