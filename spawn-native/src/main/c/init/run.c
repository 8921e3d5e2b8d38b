// SPDX-License-Identifier: Apache-2.0
//
// The exec of the program, in place or in a process of its own.
#include "../exec.h"
#include "init.h"

static void nothing_after(void *unused) {
    (void)unused;
}

long init_run(const struct init_config *config, const struct init_program *program, long (*before)(void *),
              void *context) {
    program->candidates[config->candidates] = 0; // ends them; the same element is the room that s4j_run may need
    struct s4j_program run = {(const char *const *)program->candidates, program->argv, program->envp};
    return s4j_run(&run, before, nothing_after, context);
}
