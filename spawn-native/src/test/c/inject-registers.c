// SPDX-License-Identifier: Apache-2.0
// Registers of a traced thread; see inject.h.
#include "inject.h"

#include <elf.h>
#include <errno.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#if defined(__x86_64__)

int registers_skip_call(pid_t thread) {
    return ptrace(PTRACE_POKEUSER, thread, offsetof(struct user_regs_struct, orig_rax), -1L) == 0 ? 0 : -errno;
}

int registers_set_result(pid_t thread, long result) {
    return ptrace(PTRACE_POKEUSER, thread, offsetof(struct user_regs_struct, rax), result) == 0 ? 0 : -errno;
}

#elif defined(__aarch64__)

#ifndef NT_ARM_SYSTEM_CALL
#define NT_ARM_SYSTEM_CALL 0x404
#endif

int registers_skip_call(pid_t thread) {
    int none = -1;
    struct iovec part = {&none, sizeof none};
    return ptrace(PTRACE_SETREGSET, thread, NT_ARM_SYSTEM_CALL, &part) == 0 ? 0 : -errno;
}

int registers_set_result(pid_t thread, long result) {
    struct user_regs_struct registers;
    struct iovec part = {&registers, sizeof registers};
    if (ptrace(PTRACE_GETREGSET, thread, NT_PRSTATUS, &part) != 0) {
        return -errno;
    }
    registers.regs[0] = (unsigned long long)result;
    return ptrace(PTRACE_SETREGSET, thread, NT_PRSTATUS, &part) == 0 ? 0 : -errno;
}

#else
#error "inject knows x86-64 and aarch64"
#endif
