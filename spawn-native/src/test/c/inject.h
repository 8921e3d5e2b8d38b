// SPDX-License-Identifier: Apache-2.0
// What inject must do to a stopped thread's registers, per architecture.
#ifndef INJECT_H
#define INJECT_H

#include <sys/types.h>

// At a system call's entry: the kernel shall skip it. At its exit: what it returns. 0 or -errno.
int registers_skip_call(pid_t thread);
int registers_set_result(pid_t thread, long result);

#endif
