// SPDX-License-Identifier: Apache-2.0
// Faults for one thread and what it creates; see lib.h.
#include "filter.h"
#include "lib.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int test_seccomp_this_thread(const char *words) {
    char *position = NULL;
    int result = 0;
    char *copy = strdup(words);
    struct filter *filter = malloc(sizeof *filter);
    if (copy == NULL || filter == NULL) {
        result = -ENOMEM;
        goto out;
    }
    filter_begin(filter);
    for (char *word = strtok_r(copy, " ", &position); word != NULL && result == 0;
         word = strtok_r(NULL, " ", &position)) {
        result = filter_word(filter, word);
    }
    if (result == 0) {
        result = filter_install(filter);
    }
out:
    free(filter);
    free(copy);
    return result;
}
