// SPDX-License-Identifier: Apache-2.0
// Filters that answer like the default profiles of container engines.
//
// container:      a current default profile for a container without CAP_SYS_ADMIN: clone3 is ENOSYS (its flags are out
// of a filter's sight), namespace flags of clone and the calls of privileged programs are EPERM, calls younger than the
// profile ENOSYS. old-container:  the same written before Linux 5.3: it answers EPERM to every call it has never heard
// of, which programs take for a refusal. Only clone3 is ENOSYS here as well: glibc 2.34 and later could not start a
// thread otherwise. `clone3@1=SIZE=EPERM` ahead of the profile reaches callers whose clone_args has another size than
// glibc's 88 bytes.
#include "filter.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>

#define NAMESPACES 0x7e020000u // every CLONE_NEW* that fits clone's flags
#define NEWEST_KNOWN 462       // mseal
#define OLD_NEWEST_KNOWN 423   // the last call before pidfd_send_signal

static const char *const refused[] = {
    "acct",
    "add_key",
    "bpf",
    "clock_settime",
    "delete_module",
    "fanotify_init",
    "finit_module",
    "fsconfig",
    "fsmount",
    "fsopen",
    "fspick",
    "get_mempolicy",
    "init_module",
    "io_uring_enter",
    "io_uring_register",
    "io_uring_setup",
    "ioperm",
    "iopl",
    "kcmp",
    "kexec_file_load",
    "kexec_load",
    "keyctl",
    "lookup_dcookie",
    "mbind",
    "migrate_pages",
    "mount",
    "mount_setattr",
    "move_mount",
    "move_pages",
    "nfsservctl",
    "open_by_handle_at",
    "open_tree",
    "perf_event_open",
    "pidfd_getfd",
    "pivot_root",
    "process_madvise",
    "quotactl",
    "quotactl_fd",
    "reboot",
    "request_key",
    "set_mempolicy",
    "set_mempolicy_home_node",
    "setdomainname",
    "sethostname",
    "setns",
    "settimeofday",
    "swapoff",
    "swapon",
    "sysfs",
    "syslog",
    "umount2",
    "unshare",
    "uselib",
    "userfaultfd",
    "ustat",
    "vhangup",
};

static int refuse(struct filter *filter, const char *name, int error) {
    struct rule rule = {.call = rule_call(name), .action = error};
    // Not every architecture has the oldest calls, nor every header the newest.
    return rule.call < 0 ? 0 : filter_add(filter, &rule);
}

// clone may carry no namespace flag: everything is refused but flags & NAMESPACES == 0.
static int refuse_namespaces(struct filter *filter) {
    struct rule plain = {
        .call = SYS_clone, .action = RULE_ALLOW, .conditions = 1, .condition = {{0, false, NAMESPACES, 0}}};
    struct rule rest = {.call = SYS_clone, .action = EPERM};
    int result = filter_add(filter, &plain);
    return result != 0 ? result : filter_add(filter, &rest);
}

int filter_profile(struct filter *filter, const char *name) {
    bool old = strcmp(name, "old-container") == 0;
    if (!old && strcmp(name, "container") != 0) {
        return -EINVAL;
    }
    int result = refuse(filter, "clone3", ENOSYS);
    if (result == 0) {
        result = refuse_namespaces(filter);
    }
    for (size_t i = 0; result == 0 && i < sizeof refused / sizeof *refused; i++) {
        result = refuse(filter, refused[i], EPERM);
    }
    if (result == 0) {
        result = old ? filter_unknown(filter, OLD_NEWEST_KNOWN, EPERM) : filter_unknown(filter, NEWEST_KNOWN, ENOSYS);
    }
    return result;
}
