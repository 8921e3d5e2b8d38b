// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import io.spawn4j.ChildProcess;
import io.spawn4j.Containment;
import io.spawn4j.SpawnException;
import io.spawn4j.UnsupportedPolicyException;
import io.spawn4j.jmh.contender.Contender.Group;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One start of a contender before anything is measured, of a program that shows what was done to it: whether the host
 * grants it, and whether it is what its label says.
 */
public final class Trial {
    private static final List<String> SHOW = List.of("/bin/cat", "/proc/self/status", "/proc/self/cgroup");

    private static final Set<String> REFUSALS = Set.of("EPERM", "EACCES");

    private static final String DEFAULT_PATH = "/usr/bin:/bin";

    private static final String SIGUSR1_ONLY = "0000000000000200";

    /** A namespace's pid 1, or its only child. */
    private static final int LAST_FIRST_PID = 2;

    private final Contender contender;

    /** A trial of one contender. */
    public Trial(Contender contender) {
        this.contender = contender;
    }

    /**
     * Why it cannot run here, in a sentence; empty if it does. Other libraries and C need no trial.
     *
     * @throws IllegalStateException if it runs, but does not what it should
     */
    public Optional<String> refusal() throws IOException {
        if (contender.group() == Group.RIVAL || contender.group() == Group.C) {
            return Optional.empty();
        }
        if (!contender.wrapper().isEmpty() && !isInstalled(contender.wrapper().get(0))) {
            return Optional.of(contender.wrapper().get(0) + " is not installed");
        }
        Process process;
        try {
            process = contender.processStarter(show()).process();
        } catch (SpawnException e) {
            if (e instanceof UnsupportedPolicyException || REFUSALS.contains(e.errnoName())) {
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
        if (!isWhatItSays(process, shown)) {
            throw new IllegalStateException(contender + " does not what its label says; its child saw\n" + shown);
        }
        return Optional.empty();
    }

    /** What the wrapping program calls itself. */
    public Optional<String> version() throws IOException {
        if (contender.wrapper().isEmpty()) {
            return Optional.empty();
        }
        Process process = new ProcessBuilder(contender.wrapper().get(0), "--version")
                .redirectErrorStream(true)
                .start();
        String version = firstLine(text(process));
        return exitCode(process) == 0 ? Optional.of(version) : Optional.empty();
    }

    private Command show() {
        List<String> argv = new ArrayList<>(SHOW);
        switch (contender) {
            case SPAWN4J_NICE -> argv.add("/proc/self/stat");
            case SPAWN4J_RESOURCE_LIMIT -> argv.add("/proc/self/limits");
            case SPAWN4J_OOM_SCORE -> argv.add("/proc/self/oom_score_adj");
            // Fails where there is no such descriptor.
            case SPAWN4J_EXTRA_DESCRIPTOR, SPAWN4J_EXTRA_FILE -> argv.add("/proc/self/fdinfo/3");
            default -> {}
        }
        return new Command(argv, Streams.PIPES, Map.of());
    }

    private boolean isWhatItSays(Process process, String shown) {
        ProcStatus status = new ProcStatus(shown);
        boolean supervised = status.number("PPid") != ProcessHandle.current().pid();
        return switch (contender) {
            case SPAWN4J_PROCESS_GROUP ->
                is(process, Containment.PROCESS_GROUP) && supervised && status.number("NSpgid") == process.pid();
            case SPAWN4J_SUBREAPER -> is(process, Containment.SUBREAPER) && supervised;
            case SPAWN4J_CGROUP -> is(process, Containment.CGROUP) && supervised && shown.contains("/spawn4j-");
            case SPAWN4J_PID_NAMESPACE ->
                is(process, Containment.PID_NAMESPACE) && status.number("Pid") <= LAST_FIRST_PID;
            case PROCESS_BUILDER_UNSHARE, PROCESS_BUILDER_BWRAP -> status.number("Pid") <= LAST_FIRST_PID;
            case PROCESS_BUILDER_TINI -> status.number("PPid") == process.pid();
            case PROCESS_BUILDER_SETSID -> status.number("NSsid") == process.pid();
            case SPAWN4J_USER, PROCESS_BUILDER_USER ->
                status.number("Uid") != 0
                        && status.value("CapEff").equals("0000000000000000")
                        && status.value("CapInh").equals("0000000000000000");
            case SPAWN4J_NO_NEW_PRIVILEGES, PROCESS_BUILDER_NO_NEW_PRIVILEGES -> status.number("NoNewPrivs") == 1;
            case SPAWN4J_BLOCKED_SIGNALS -> status.value("SigBlk").equals(SIGUSR1_ONLY);
            case SPAWN4J_IGNORED_SIGNALS -> status.value("SigIgn").equals(SIGUSR1_ONLY);
            case SPAWN4J_NEW_SESSION -> status.number("NSsid") == process.pid();
            case SPAWN4J_NEW_PROCESS_GROUP ->
                status.number("NSpgid") == process.pid() && status.number("NSsid") != process.pid();
            case SPAWN4J_UMASK -> status.value("Umask").equals("0077");
            case SPAWN4J_NICE -> hasLine(shown, "\\d+ \\(cat\\) \\S (\\S+ ){15}1 .*");
            case SPAWN4J_RESOURCE_LIMIT -> hasLine(shown, "Max core file size +0 +0 .*");
            case SPAWN4J_OOM_SCORE -> hasLine(shown, "1000");
            // Nothing that the child could show, or shown by its exit code.
            case SPAWN4J_PARENT_DEATH_SIGNAL,
                    SPAWN4J_CPU_AFFINITY,
                    SPAWN4J_START_TIMEOUT,
                    SPAWN4J_EXTRA_DESCRIPTOR,
                    SPAWN4J_EXTRA_FILE -> true;
            case SPAWN4J_CLONE3,
                    SPAWN4J_CLONE,
                    SPAWN4J_POSIX_SPAWN,
                    PROCESS_BUILDER,
                    PROCESS_BUILDER_VFORK,
                    PROCESS_BUILDER_FORK,
                    NUPROCESS,
                    ZT_EXEC,
                    COMMONS_EXEC,
                    C_POSIX_SPAWN,
                    C_VFORK,
                    C_CLONE3 -> true;
        };
    }

    private static boolean is(Process process, Containment containment) {
        return process instanceof ChildProcess child && child.containment() == containment;
    }

    /** Whether the program is found on this process's PATH. */
    public static boolean isInstalled(String program) {
        return isInstalled(program, System.getenv().getOrDefault("PATH", DEFAULT_PATH));
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
            int code = process.waitFor();
            ProcessChild.closeStreams(process);
            return code;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a trial's child ran");
        }
    }

    /** Whether a whole line looks like this. */
    private static boolean hasLine(String text, String pattern) {
        return text.lines().anyMatch(line -> line.matches(pattern));
    }
}
