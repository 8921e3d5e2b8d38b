// SPDX-License-Identifier: Apache-2.0
// Signals by name.
#ifndef SIGNALS_H
#define SIGNALS_H

// `TERM`, `SIGTERM`, `RTMIN+3` or `15`; -1 for what is none.
int signal_number(const char *text);

#endif
