// SPDX-License-Identifier: Apache-2.0
//
// Clones a child that shares all memory, runs on a stack of its own, and does not suspend its parent (no CLONE_VFORK).
// A C function cannot return on a stack that is not its own, so the two raw entries are assembly.
#include <linux/sched.h>

#include "spawner.h"
#include "sys.h"

#ifndef CLONE_CLEAR_SIGHAND
#define CLONE_CLEAR_SIGHAND 0x100000000ULL // Linux 5.5
#endif
#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x1000 // Linux 5.2
#endif

enum { EXIT_SIGNAL = 17, CLONE3_NR = __NR_clone3 }; // SIGCHLD; exec would set it anyway

long s4j_raw_clone3(struct clone_args *args, size_t size, void (*entry)(void *), void *argument);
long s4j_raw_clone(unsigned long flags, uint64_t stack_top, int32_t *pidfd, uint32_t *busy, void (*entry)(void *),
                   void *argument);

#if defined(__x86_64__)
__asm__(".text\n"
        ".hidden s4j_raw_clone3\n.type s4j_raw_clone3,@function\n.globl s4j_raw_clone3\n"
        "s4j_raw_clone3:\n"
        "  mov %rdx,%r8\n"
        "  mov %rcx,%r9\n"
        "  mov $435,%eax\n"
        "  syscall\n"
        "  test %rax,%rax\n"
        "  jnz 1f\n"
        "  xor %ebp,%ebp\n"
        "  mov %r9,%rdi\n"
        "  call *%r8\n"
        "  ud2\n"
        "1: ret\n"
        ".size s4j_raw_clone3,.-s4j_raw_clone3\n"
        ".hidden s4j_raw_clone\n.type s4j_raw_clone,@function\n.globl s4j_raw_clone\n"
        "s4j_raw_clone:\n"
        "  mov %rcx,%r10\n"
        "  mov $56,%eax\n"
        "  syscall\n"
        "  test %rax,%rax\n"
        "  jnz 1f\n"
        "  xor %ebp,%ebp\n"
        "  mov %r9,%rdi\n"
        "  call *%r8\n"
        "  ud2\n"
        "1: ret\n"
        ".size s4j_raw_clone,.-s4j_raw_clone\n");
_Static_assert(__NR_clone == 56 && CLONE3_NR == 435, "numbers in the assembly above");
#elif defined(__aarch64__)
__asm__(".text\n"
        ".hidden s4j_raw_clone3\n.type s4j_raw_clone3,%function\n.globl s4j_raw_clone3\n"
        "s4j_raw_clone3:\n"
        "  mov x8,#435\n"
        "  svc #0\n"
        "  cbnz x0,1f\n"
        "  mov x29,#0\n"
        "  mov x0,x3\n"
        "  blr x2\n"
        "  brk #1\n"
        "1: ret\n"
        ".size s4j_raw_clone3,.-s4j_raw_clone3\n"
        ".hidden s4j_raw_clone\n.type s4j_raw_clone,%function\n.globl s4j_raw_clone\n"
        "s4j_raw_clone:\n"
        "  mov x6,x4\n"
        "  mov x4,x3\n"
        "  mov x8,#220\n"
        "  svc #0\n"
        "  cbnz x0,1f\n"
        "  mov x29,#0\n"
        "  mov x0,x5\n"
        "  blr x6\n"
        "  brk #1\n"
        "1: ret\n"
        ".size s4j_raw_clone,.-s4j_raw_clone\n");
_Static_assert(__NR_clone == 220 && CLONE3_NR == 435, "numbers in the assembly above");
#endif

// The old call has no way to reset handlers, and a signal that reached one in the child would run Java's in shared
// memory: all 64 signals stay blocked until the child has reset them itself.
static long clone_blocked(unsigned long flags, uint64_t stack_top, int32_t *pidfd, uint32_t *busy,
                          void (*entry)(void *), void *argument) {
    uint64_t all = ~UINT64_C(0), before;
    long ret = SYS(rt_sigprocmask, 2 /* SIG_SETMASK */, &all, &before, K_SIGSET_BYTES);
    if (ret < 0)
        return ret;
    long pid = s4j_raw_clone(flags, stack_top, pidfd, busy, entry, argument);
    // Has no reason to fail that the first call had not.
    SYS(rt_sigprocmask, 2 /* SIG_SETMASK */, &before, 0, K_SIGSET_BYTES);
    return pid;
}

long s4j_clone(uint32_t avoid, void (*entry)(void *), void *argument, uint64_t stack_low, uint32_t *busy,
               int32_t *pidfd) {
    uint64_t flags = CLONE_VM | CLONE_CHILD_CLEARTID | (avoid & AVOID_PIDFD ? 0 : CLONE_PIDFD);
    *pidfd = -1;
    if (avoid & AVOID_CLONE3)
        return clone_blocked(flags | EXIT_SIGNAL, stack_low + S4J_STACK_BYTES, pidfd, busy, entry, argument);
    struct clone_args args = {
        .flags = flags | CLONE_CLEAR_SIGHAND,
        .pidfd = (uint64_t)(uintptr_t)pidfd,
        .child_tid = (uint64_t)(uintptr_t)busy,
        .exit_signal = EXIT_SIGNAL,
        .stack = stack_low,
        .stack_size = S4J_STACK_BYTES,
    };
    return s4j_raw_clone3(&args, sizeof args, entry, argument);
}
