// SPDX-License-Identifier: Apache-2.0
//
// Configures itself and becomes the user's program. Freestanding: no libc, no relocations, no allocation.
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <sys/socket.h>

#include "../abi.h"
#include "../exec.h"
#include "../sys.h"

enum { CONFIG_NUMBERS = sizeof(struct init_config) / sizeof(int64_t), EXIT_NEVER_RAN = 127 };

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

static uint32_t groups[INIT_MAX_GROUPS];

// The next number of a comma-separated list, or -1 at *text == 0 and for anything that is no number.
static int parse_number(const char **text, int64_t *value) {
    const char *at = *text;
    int negative = *at == '-';
    uint64_t number = 0;
    at += negative;
    if (*at < '0' || *at > '9')
        return -1;
    for (; *at >= '0' && *at <= '9'; at++)
        number = number * 10 + (uint64_t)(*at - '0');
    if (*at == ',')
        at++;
    else if (*at)
        return -1;
    *value = (int64_t)(negative ? -number : number);
    *text = at;
    return 0;
}

static long parse(const char *text, struct init_config *config) {
    int64_t *numbers = (int64_t *)config, group;
    for (unsigned i = 0; i < CONFIG_NUMBERS; i++)
        if (parse_number(&text, &numbers[i]) < 0)
            return -EINVAL;
    if (config->version != INIT_VERSION || config->groups < 0 || config->groups > INIT_MAX_GROUPS)
        return -EINVAL;
    for (int64_t i = 0; i < config->groups; i++) {
        if (parse_number(&text, &group) < 0)
            return -EINVAL;
        groups[i] = (uint32_t)group;
    }
    return *text ? -EINVAL : 0;
}

static long answer(int64_t socket, int32_t kind, int32_t stage, long error) {
    struct init_answer message = {kind, stage, (int32_t)-error};
    return SYS(sendto, socket, &message, sizeof message, MSG_NOSIGNAL, 0, 0);
}

// A credential change has cleared it (prctl(2)), whatever set it before.
static long tie_to_parent(const struct init_config *config) {
    if (config->death_signal == 0)
        return 0;
    long ret = SYS(prctl, PR_SET_PDEATHSIG, config->death_signal, 0, 0, 0);
    if (ret < 0)
        return ret;
    return SYS(getppid) == config->parent ? 0 : -ESRCH;
}

static long nothing_before(void *unused) {
    (void)unused;
    return 0;
}

static void nothing_after(void *unused) {
    (void)unused;
}

static long become(const struct init_config *config, const char **argv, const char *const *envp, int32_t *stage) {
    long ret = init_configure(config, groups, stage);
    if (ret < 0)
        return ret;
    *stage = STAGE_PARENT_DEATH;
    if ((ret = tie_to_parent(config)) < 0)
        return ret;
    *stage = STAGE_EXEC;
    if ((ret = SYS(fcntl, config->socket, F_SETFD, FD_CLOEXEC)) < 0)
        return ret;
    // A JVM that gave this start up, or is gone, has closed its end: then nothing is to run.
    if ((ret = answer(config->socket, INIT_READY, STAGE_EXEC, 0)) < 0)
        return ret;
    const char **candidates = argv + 2;
    argv[2 + config->candidates] = 0; // ends the candidates; the same element is the room that s4j_run may need
    struct s4j_program program = {(const char *const *)candidates, argv + 3 + config->candidates, envp};
    return s4j_run(&program, nothing_before, nothing_after, 0);
}

__attribute__((noreturn, used)) void init_main(long *stack) {
    long argc = stack[0];
    const char **argv = (const char **)(stack + 1);
    const char *const *envp = (const char *const *)(argv + argc + 1);
    struct init_config config;
    if (argc >= 5 && parse(argv[1], &config) == 0 && config.candidates >= 1 && config.candidates + 4 <= argc) {
        int32_t stage = STAGE_HELPER;
        long ret = become(&config, argv, envp, &stage);
        answer(config.socket, INIT_FAILED, stage, ret);
    }
    for (;;) // alone it only shows that it runs
        SYS(exit_group, argc == 1 ? 0 : EXIT_NEVER_RAN);
}
