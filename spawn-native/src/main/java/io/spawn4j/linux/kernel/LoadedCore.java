// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

/**
 * The C core in this process, and the memfd that it was loaded from.
 *
 * @param memfd its descriptor, or -1 where it was loaded from a directory
 */
public record LoadedCore(CoreLibrary core, int memfd) {
    /** Closes the memfd. The core's code stays mapped; nothing may be called that needs the memfd's path. */
    public void closeImage() {
        if (memfd >= 0) {
            core.close(memfd);
        }
    }
}
