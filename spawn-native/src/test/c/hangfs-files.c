// SPDX-License-Identifier: Apache-2.0
// The files of hangfs; see hangfs.h.
#include "hangfs.h"

#include <string.h>
#include <sys/stat.h>

// LOOKUP hangs by name, before there is a node: for it `lost` stands in.
const struct file files[] = {
    {ROOT_NODE, ".", S_IFDIR | 0777, 0, NULL},
    {2, "exec", S_IFREG | 0755, FUSE_READ, "#!/bin/sh\nexit 7\n"},
    {3, "data", S_IFREG | 0666, FUSE_FLUSH, NULL},
    {4, "stuck", S_IFREG | 0666, FUSE_OPEN, "late\n"},
    {5, "cwd", S_IFDIR | 0777, FUSE_ACCESS, NULL},
    {LOST_NODE, "lost", S_IFREG | 0755, FUSE_LOOKUP, "#!/bin/sh\nexit 8\n"},
    {7, "fine", S_IFREG | 0755, 0, "#!/bin/sh\nexit 9\n"},
};
const size_t file_count = sizeof files / sizeof *files;

const struct file *file_of(uint64_t node) {
    for (size_t i = 0; i < file_count; i++) {
        if (files[i].node == node) {
            return &files[i];
        }
    }
    return NULL;
}

const struct file *file_named(const char *name) {
    for (size_t i = 1; i < file_count; i++) {
        if (strcmp(files[i].name, name) == 0) {
            return &files[i];
        }
    }
    return NULL;
}

void file_attributes(const struct file *file, struct fuse_attr *attributes) {
    *attributes = (struct fuse_attr){
        .ino = file->node,
        .size = file->text == NULL ? 0 : strlen(file->text),
        .mode = file->mode,
        .nlink = 1,
        .blksize = 4096,
    };
}

size_t file_list(uint64_t node, uint64_t offset, char *buffer, size_t size) {
    size_t used = 0;
    if (node != ROOT_NODE) {
        return 0;
    }
    for (size_t i = offset; i < file_count; i++) {
        size_t name = strlen(files[i].name);
        size_t entry = FUSE_DIRENT_ALIGN(FUSE_NAME_OFFSET + name);
        if (used + entry > size) {
            break;
        }
        struct fuse_dirent dirent = {files[i].node, i + 1, (uint32_t)name, (files[i].mode & S_IFMT) >> 12};
        memset(buffer + used, 0, entry);
        memcpy(buffer + used, &dirent, FUSE_NAME_OFFSET);
        memcpy(buffer + used + FUSE_NAME_OFFSET, files[i].name, name);
        used += entry;
    }
    return used;
}

const char *operation_name(uint32_t opcode) {
    switch (opcode) {
    case FUSE_READ:
        return "READ";
    case FUSE_FLUSH:
        return "FLUSH";
    case FUSE_OPEN:
        return "OPEN";
    case FUSE_ACCESS:
        return "ACCESS";
    case FUSE_LOOKUP:
        return "LOOKUP";
    default:
        return "OTHER";
    }
}
