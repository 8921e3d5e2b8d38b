// SPDX-License-Identifier: Apache-2.0
//
// Running a program by the rules of execvp(3), for the child between clone and exec and for spawn4j-init alike.
#ifndef SPAWN4J_EXEC_H
#define SPAWN4J_EXEC_H

struct s4j_program {
    const char *const *candidates; // paths to try in order, NULL-terminated
    const char **argv;             // the element before the first is room for the shell of a script without #!
    const char *const *envp;
};

// Returns only with -errno. `before` runs directly before each attempt and may refuse it with -errno, which ends the
// attempts; `after` runs when one has failed.
long s4j_run(const struct s4j_program *program, long (*before)(void *), void (*after)(void *), void *context);

#endif
