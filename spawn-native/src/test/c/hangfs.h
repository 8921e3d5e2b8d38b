// SPDX-License-Identifier: Apache-2.0
// The files of hangfs and which request of each is never answered.
#ifndef HANGFS_H
#define HANGFS_H

#include <linux/fuse.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct file {
    uint64_t node;
    const char *name;
    uint32_t mode;
    uint32_t held;    // the opcode that hangs on this file, 0 for none
    const char *text; // NULL: a directory, or a file that swallows what is written
};

enum { ROOT_NODE = FUSE_ROOT_ID, LOST_NODE = 6 };

extern const struct file files[];
extern const size_t file_count;

const struct file *file_of(uint64_t node);
const struct file *file_named(const char *name);
void file_attributes(const struct file *file, struct fuse_attr *attributes);
// A directory stream of all files from `offset` on; the length used.
size_t file_list(uint64_t node, uint64_t offset, char *buffer, size_t size);
const char *operation_name(uint32_t opcode);

#endif
