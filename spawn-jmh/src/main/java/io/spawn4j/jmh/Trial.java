// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import io.spawn4j.ChildProcess;
import io.spawn4j.Containment;
import io.spawn4j.SpawnException;
import io.spawn4j.UnsupportedPolicyException;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One start of a contender before anything is measured, of a program that shows what was done to it: whether the host grants it, and
 * whether it is what its label says.
 */
final class Trial {
    private static final String[] SHOW = {"/bin/cat", "/proc/self/status", "/proc/self/cgroup"};

    private static final String DEFAULT_PATH = "/usr/bin:/bin";

    /** A namespace's pid 1, or its only child. */
    private static final int LAST_FIRST_PID = 2;

    private final Contender contender;

    Trial(Contender contender) {
        this.contender = contender;
    }

    /**
     * Why it cannot run here, in a sentence; empty if it does.
     *
     * @throws IllegalStateException if it runs, but does not what it should
     */
    Optional<String> refusal() throws IOException {
        if (!contender.wrapper().isEmpty()
                && !isInstalled(contender.wrapper().get(0), System.getenv().getOrDefault("PATH", DEFAULT_PATH))) {
            return Optional.of(contender.wrapper().get(0) + " is not installed");
        }
        Process process;
        try {
            process = contender.start(true, SHOW);
        } catch (SpawnException e) {
            if (e instanceof UnsupportedPolicyException || e.errnoName().equals("EPERM")) {
                return Optional.of(firstLine(String.valueOf(e.getMessage())));
            }
            throw e;
        }
        String shown = text(process);
        String error = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = exitCode(process);
        if (code != 0 && contender.hasPolicy()) {
            throw new IllegalStateException(contender + ": the trial's child ended with " + code + ": " + error);
        }
        if (code != 0) {
            return Optional.of("ended with " + code + ": " + firstLine(error));
        }
        if (!isWhatItSays(process, new Facts(shown))) {
            throw new IllegalStateException(contender + " does not what its label says; its child saw\n" + shown);
        }
        return Optional.empty();
    }

    /** What the wrapping program calls itself. */
    Optional<String> version() throws IOException {
        if (contender.wrapper().isEmpty()) {
            return Optional.empty();
        }
        Process process = new ProcessBuilder(contender.wrapper().get(0), "--version")
                .redirectErrorStream(true)
                .start();
        String version = firstLine(text(process));
        return exitCode(process) == 0 ? Optional.of(version) : Optional.empty();
    }

    private boolean isWhatItSays(Process process, Facts facts) {
        boolean supervised = facts.number("PPid") != ProcessHandle.current().pid();
        return switch (contender) {
            case SPAWN4J_PROCESS_GROUP ->
                is(process, Containment.PROCESS_GROUP) && supervised && facts.number("NSpgid") == process.pid();
            case SPAWN4J_SUBREAPER -> is(process, Containment.SUBREAPER) && supervised;
            case SPAWN4J_CGROUP ->
                is(process, Containment.CGROUP) && supervised && facts.cgroups().contains("/spawn4j-");
            case SPAWN4J_PID_NAMESPACE ->
                is(process, Containment.PID_NAMESPACE) && facts.number("Pid") <= LAST_FIRST_PID;
            case PROCESS_BUILDER_UNSHARE, PROCESS_BUILDER_BWRAP -> facts.number("Pid") <= LAST_FIRST_PID;
            case PROCESS_BUILDER_TINI -> facts.number("PPid") == process.pid();
            case PROCESS_BUILDER_SETSID -> facts.number("NSsid") == process.pid();
            case SPAWN4J_USER, PROCESS_BUILDER_USER ->
                facts.number("Uid") != 0
                        && facts.value("CapEff").equals("0000000000000000")
                        && facts.value("CapInh").equals("0000000000000000");
            case SPAWN4J_NO_NEW_PRIVILEGES, PROCESS_BUILDER_NO_NEW_PRIVILEGES -> facts.number("NoNewPrivs") == 1;
            case SPAWN4J_CLONE3,
                    SPAWN4J_CLONE,
                    SPAWN4J_POSIX_SPAWN,
                    PROCESS_BUILDER,
                    PROCESS_BUILDER_VFORK,
                    C_POSIX_SPAWN -> true;
        };
    }

    private static boolean is(Process process, Containment containment) {
        return process instanceof ChildProcess child && child.containment() == containment;
    }

    static boolean isInstalled(String program, String path) {
        return Stream.of(path.split(":", -1)).anyMatch(directory -> new File(directory, program).canExecute());
    }

    private static String text(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    private static int exitCode(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a trial's child ran");
        }
    }

    /** What the child read in /proc/self/status and /proc/self/cgroup. */
    private record Facts(String text) {
        /** The first number behind {@code name:}. */
        long number(String name) {
            return Long.parseLong(value(name).split("\\s+", 2)[0]);
        }

        String value(String name) {
            List<String> found = text.lines()
                    .filter(line -> line.startsWith(name + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .toList();
            if (found.isEmpty()) {
                throw new IllegalStateException("/proc/self/status has no " + name);
            }
            return found.get(0);
        }

        String cgroups() {
            return text;
        }
    }
}
