// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** What some tests need of the mode in which the suite runs. */
public enum Ability {
    /** The native engine: what it does and the posix_spawn engine refuses. */
    NATIVE_ENGINE {
        @Override
        public Optional<String> missing() {
            return "posix_spawn".equals(System.getProperty("io.spawn4j.engine"))
                    ? Optional.of("the posix_spawn engine was asked for")
                    : Optional.empty();
        }
    },
    /** Virtual threads. */
    VIRTUAL_THREADS {
        @Override
        public Optional<String> missing() {
            int feature = Runtime.version().feature();
            return feature >= 21 ? Optional.empty() : Optional.of("JDK " + feature + " has none");
        }
    },
    /** The superuser. */
    ROOT {
        @Override
        public Optional<String> missing() {
            return isRoot() ? Optional.empty() : Optional.of("runs as an ordinary user");
        }
    },
    /** strace(1), which tells a core dump from the exit status alone. */
    STRACE {
        @Override
        public Optional<String> missing() {
            return Stream.of(System.getenv("PATH").split(":"))
                            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "strace")))
                    ? Optional.empty()
                    : Optional.of("strace is not installed");
        }
    },
    /** A cgroup of version 2 that can be made below the JVM's own, for {@link Cgroup2}. */
    CGROUP2 {
        @Override
        public Optional<String> missing() {
            return Cgroup2.missing();
        }
    },
    /** pidfd_open(2), without which nothing can be contained. */
    PIDFDS {
        @Override
        public Optional<String> missing() {
            int pidfd = TestTools.natives().pidfdOpen((int) ProcFs.self());
            if (pidfd < 0) {
                return Optional.of("pidfd_open(2) is refused here");
            }
            TestTools.natives().close(pidfd);
            return Optional.empty();
        }
    },
    /** PID namespaces, for an ordinary user inside a user namespace. */
    PID_NAMESPACES {
        @Override
        public Optional<String> missing() {
            String user = isRoot() ? "--fork" : "--user";
            Command result = Command.run("unshare", user, "--pid", "--fork", "--mount-proc", "true");
            return result.exitCode() == 0 ? Optional.empty() : Optional.of("unshare(1) says: " + result.output());
        }
    },
    /** mount(2), for {@link HangFs}. */
    MOUNT {
        @Override
        public Optional<String> missing() {
            return TestTools.natives().canMount() == 1 ? Optional.empty() : Optional.of("mount(2) is refused here");
        }
    };

    /** Why this mode does not have it. */
    public abstract Optional<String> missing();

    private static boolean isRoot() {
        return ProcFs.status(ProcFs.self(), "Uid").orElseThrow().startsWith("0\t");
    }
}
