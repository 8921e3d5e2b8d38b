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
    /**
     * The oldest JDK that the suite runs on: for what the kernel alone decides, which takes long and is the same with
     * all.
     */
    FIRST_JDK {
        @Override
        public Optional<String> missing() {
            int feature = Runtime.version().feature();
            return feature <= FIRST_FEATURE
                    ? Optional.empty()
                    : Optional.of("does not depend on the JDK; JDK " + FIRST_FEATURE + " runs it");
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
    /** One that passes the controllers of memory, tasks and processor time on. */
    CGROUP2_CONTROLLERS {
        @Override
        public Optional<String> missing() {
            return Cgroup2.missingControllers();
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
    /** A sysctl of each PID namespace that forbids to execute memfds, Linux 6.3. */
    MEMFD_NOEXEC {
        @Override
        public Optional<String> missing() {
            return Files.isWritable(Path.of("/proc/sys/vm/memfd_noexec"))
                    ? Optional.empty()
                    : Optional.of("this kernel has no vm.memfd_noexec");
        }
    },
    /** mount(2), for {@link HangFs}. */
    MOUNT {
        @Override
        public Optional<String> missing() {
            return TestTools.natives().canMount() == 1 ? Optional.empty() : Optional.of("mount(2) is refused here");
        }
    };

    private static final int FIRST_FEATURE = 17;

    /** Why this mode does not have it. */
    public abstract Optional<String> missing();

    private static boolean isRoot() {
        return ProcFs.status(ProcFs.self(), "Uid").orElseThrow().startsWith("0\t");
    }
}
