// SPDX-License-Identifier: Apache-2.0
//
// Raw Linux system calls for x86-64 and aarch64. Nothing here or in any file that includes it may use libc at run time:
// the child between clone and exec shares the JVM's memory, and the spawner thread shares its libc. Only macros and
// types come from the C headers. Every call returns a value or -errno.
#ifndef SPAWN4J_SYS_H
#define SPAWN4J_SYS_H

#include <asm/unistd.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
static inline long sys6(long nr, long a, long b, long c, long d, long e, long f) {
    long ret;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(ret)
                     : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return ret;
}
#elif defined(__aarch64__)
static inline long sys6(long nr, long a, long b, long c, long d, long e, long f) {
    register long x8 __asm__("x8") = nr;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    register long x5 __asm__("x5") = f;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory", "cc");
    return x0;
}
#else
#error "spawn4j's C core knows x86-64 and aarch64; elsewhere the posix_spawn engine serves"
#endif

#define SYS_PICK(_0, _1, _2, _3, _4, _5, _6, name, ...) name
#define SYS0(n) sys6(n, 0, 0, 0, 0, 0, 0)
#define SYS1(n, a) sys6(n, (long)(a), 0, 0, 0, 0, 0)
#define SYS2(n, a, b) sys6(n, (long)(a), (long)(b), 0, 0, 0, 0)
#define SYS3(n, a, b, c) sys6(n, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define SYS4(n, a, b, c, d) sys6(n, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define SYS5(n, a, b, c, d, e) sys6(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), 0)
#define SYS6(n, a, b, c, d, e, f) sys6(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
// SYS(close, fd) is close(2); the argument count picks the form.
#define SYS(name, ...) SYS_PICK(_, ##__VA_ARGS__, SYS6, SYS5, SYS4, SYS3, SYS2, SYS1, SYS0)(__NR_##name, ##__VA_ARGS__)

// Headers older than the calls we make; the kernel says ENOSYS where it is older too.
#ifndef __NR_pidfd_send_signal
#define __NR_pidfd_send_signal 424
#endif
#ifndef __NR_pidfd_open
#define __NR_pidfd_open 434
#endif
#ifndef __NR_clone3
#define __NR_clone3 435
#endif
#ifndef __NR_close_range
#define __NR_close_range 436
#endif

struct k_sigaction {
    uintptr_t handler; // 0 SIG_DFL, 1 SIG_IGN
    unsigned long flags;
    uintptr_t restorer;
    uint64_t mask;
};

// siginfo_t as waitid fills it.
struct k_siginfo {
    int32_t signo, error, code, unused;
    int32_t pid; // 0 after WNOHANG: nothing to report yet
    uint32_t uid;
    int32_t status;
    int32_t rest[25];
};
_Static_assert(sizeof(struct k_siginfo) == 128, "the kernel writes 128 bytes");

enum { K_SIG_DFL = 0, K_SIG_IGN = 1, K_NSIG = 64, K_SIGSET_BYTES = 8 };

// Bit of a signal in the kernel's 64-bit set.
static inline uint64_t sig_bit(int sig) {
    return UINT64_C(1) << (sig - 1);
}

#endif
