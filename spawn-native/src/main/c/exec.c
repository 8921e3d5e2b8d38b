// SPDX-License-Identifier: Apache-2.0
#include "exec.h"

#include <errno.h>
#include <fcntl.h>

#include "sys.h"

static long attempt(const struct s4j_program *program, const char *path) {
    const char **argv = program->argv;
    long ret = SYS(execve, path, argv, program->envp);
    if (ret == -ENOEXEC) { // a script without #!
        const char *room = argv[-1], *name = argv[0];
        argv[-1] = "/bin/sh";
        argv[0] = path;
        ret = SYS(execve, "/bin/sh", argv - 1, program->envp);
        argv[-1] = room;
        argv[0] = name;
    }
    return ret;
}

// A candidate that is not there gives way to the next, one that may not be run is remembered.
long s4j_run(const struct s4j_program *program, long (*before)(void *), void (*after)(void *), void *context) {
    const char *const *candidates = program->candidates;
    long result = -ENOENT;
    for (int several = candidates[0] && candidates[1]; *candidates; candidates++) {
        // Most directories of a PATH do not have the program: to look is cheaper than to try.
        long ret = several ? SYS(faccessat, AT_FDCWD, *candidates, 0 /* F_OK */) : 0;
        if (ret != -ENOENT && ret != -ENOTDIR) {
            if ((ret = before(context)) < 0)
                return ret;
            ret = attempt(program, *candidates);
            after(context);
        }
        switch (ret) {
        case -EACCES:
            result = ret;
            break;
        case -ENOENT:
        case -ENOTDIR:
        case -ELOOP:
        case -ENAMETOOLONG:
        case -ESTALE:
        case -ENODEV:
        case -ETIMEDOUT:
            if (result != -EACCES)
                result = ret;
            break;
        default:
            return ret;
        }
    }
    return result;
}
