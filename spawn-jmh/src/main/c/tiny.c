// SPDX-License-Identifier: Apache-2.0

/* The smallest program that can be started: no libc, no loader, one system call, exit code 0. */

void _start(void) __attribute__((noreturn));

void _start(void) {
#if defined(__x86_64__)
    __asm__ volatile("syscall" : : "a"(60), "D"(0) : "rcx", "r11", "memory");
#elif defined(__aarch64__)
    register long code __asm__("x0") = 0;
    register long number __asm__("x8") = 93;
    __asm__ volatile("svc 0" : : "r"(code), "r"(number) : "memory");
#else
#error "tiny.c knows x86-64 and aarch64 only"
#endif
    __builtin_unreachable();
}
