// SPDX-License-Identifier: Apache-2.0
// Signals by name; see signals.h.
#include "signals.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define S(name)                                                                                                        \
    { #name, SIG##name }
static const struct {
    const char *name;
    int number;
} signals[] = {
    S(HUP),  S(INT),  S(QUIT), S(ILL),  S(TRAP),   S(ABRT), S(BUS),   S(FPE),  S(KILL), S(USR1),
    S(SEGV), S(USR2), S(PIPE), S(ALRM), S(TERM),   S(CHLD), S(CONT),  S(STOP), S(TSTP), S(TTIN),
    S(TTOU), S(URG),  S(XCPU), S(XFSZ), S(VTALRM), S(PROF), S(WINCH), S(IO),   S(PWR),  S(SYS),
};

int signal_number(const char *text) {
    char *end;
    long number = strtol(text, &end, 10);
    if (*text != '\0' && *end == '\0') {
        return number >= 1 && number <= 64 ? (int)number : -1;
    }
    if (strncmp(text, "SIG", 3) == 0) {
        text += 3;
    }
    if (strncmp(text, "RTMIN+", 6) == 0) {
        number = strtol(text + 6, &end, 10);
        return *end == '\0' && number >= 0 && number <= 30 ? 34 + (int)number : -1;
    }
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        if (strcmp(signals[i].name, text) == 0) {
            return signals[i].number;
        }
    }
    return -1;
}
