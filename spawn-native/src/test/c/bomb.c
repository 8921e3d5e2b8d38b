// SPDX-License-Identifier: Apache-2.0
// bomb Forks without end, and so does every child: only for processes whose number is limited. Each looks every
// millisecond whether there is room again, and ends after a minute, should its test be gone.
#include <time.h>
#include <unistd.h>

int main(void) {
    const struct timespec pause = {0, 1000000};
    const time_t end = time(NULL) + 60;
    while (time(NULL) < end) {
        if (fork() < 0) {
            nanosleep(&pause, NULL);
        }
    }
    return 0;
}
