// SPDX-License-Identifier: Apache-2.0
#ifndef SPAWN4J_DESCRIPTORS_H
#define SPAWN4J_DESCRIPTORS_H

#include <stdint.h>

// Closes every descriptor of the calling thread's table from `first` on except `keep`.
long close_descriptors(int32_t first, int32_t keep, uint32_t avoid);

// Sends descriptors of the calling thread's table. 0 or -errno.
long send_descriptors(int socket, uint64_t payload, const int32_t *fds, uint32_t count);

// Returns the number received, -EMFILE if the kernel had to drop some (those it did deliver are closed), or -errno.
long receive_descriptors(int socket, uint64_t *payload, int32_t *fds, uint32_t capacity);

// Marks every descriptor of the calling process from `first` on close-on-exec.
long hide_descriptors(int32_t first, uint32_t avoid);

#endif
