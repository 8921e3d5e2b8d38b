// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import java.nio.file.Path;
import java.util.List;

/**
 * Another view of the file system for one command and its children. Needs {@link Ability#ROOT} and {@link
 * Ability#MOUNT}.
 */
public final class MountNamespace {
    private final StringBuilder script = new StringBuilder("set -e; mount --make-rprivate /");

    private MountNamespace() {}

    /** One that looks like this process's. */
    public static MountNamespace create() {
        return new MountNamespace();
    }

    /** Makes everything read-only but /proc and /sys. What is mounted afterwards is not. */
    public MountNamespace readOnly() {
        return does("for each in $(awk '$5 !~ \"^/(proc|sys)\" { print $5 }' /proc/self/mountinfo); do"
                + " mount -o remount,bind,ro $each; done");
    }

    /** Mounts an empty directory over this one, with options of mount(8), say {@code noexec,mode=0700}. */
    public MountNamespace empty(Path directory, String options) {
        return does("mount -t tmpfs -o " + options + " tmpfs " + directory);
    }

    private MountNamespace does(String command) {
        script.append("; ").append(command);
        return this;
    }

    /** What is to be put in front of the command. */
    public List<String> launcher() {
        return List.of("unshare", "--mount", "sh", "-c", script + "; exec \"$@\"", "sh");
    }
}
