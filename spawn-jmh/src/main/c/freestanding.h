// SPDX-License-Identifier: Apache-2.0

#ifndef SPAWN4J_FREESTANDING_H
#define SPAWN4J_FREESTANDING_H

/*
 * What runs without libc, on x86-64 and aarch64: system calls, and the entry of a program that consists of nothing
 * else.
 */

#include <asm/unistd.h>

/* A value or -errno. Neither errno nor the stack is touched, so it may be called between clone and exec. */
static inline __attribute__((always_inline)) long raw_call(long number, long a, long b, long c, long d) {
#if defined(__x86_64__)
    long result;
    register long fourth __asm__("r10") = d;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "0"(number), "D"(a), "S"(b), "d"(c), "r"(fourth)
                     : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long which __asm__("x8") = number;
    register long first __asm__("x0") = a;
    register long second __asm__("x1") = b;
    register long third __asm__("x2") = c;
    register long fourth __asm__("x3") = d;
    __asm__ volatile("svc 0" : "+r"(first) : "r"(which), "r"(second), "r"(third), "r"(fourth) : "memory");
    return first;
#else
#error "the benchmarks know x86-64 and aarch64 only"
#endif
}

/* `_start`, once per program: calls `program`, an int function of argv, and exits with what it returns. */
#if defined(__x86_64__)
#define ENTRY(program)                                                                                                 \
    __asm__(".text\n"                                                                                                  \
            ".globl _start\n"                                                                                          \
            "_start:\n"                                                                                                \
            "    lea 8(%rsp), %rdi\n"                                                                                  \
            "    and $-16, %rsp\n"                                                                                     \
            "    call " #program "\n"                                                                                  \
            "    mov %eax, %edi\n"                                                                                     \
            "    mov $60, %eax\n"                                                                                      \
            "    syscall\n")
#elif defined(__aarch64__)
#define ENTRY(program)                                                                                                 \
    __asm__(".text\n"                                                                                                  \
            ".globl _start\n"                                                                                          \
            "_start:\n"                                                                                                \
            "    add x0, sp, #8\n"                                                                                     \
            "    bl " #program "\n"                                                                                    \
            "    mov x8, #93\n"                                                                                        \
            "    svc #0\n")
#endif

/* A decimal number without a sign; 0 where there is no text. */
static inline long decimal(const char *text) {
    long value = 0;
    while (text && *text >= '0' && *text <= '9')
        value = value * 10 + (*text++ - '0');
    return value;
}

#endif
