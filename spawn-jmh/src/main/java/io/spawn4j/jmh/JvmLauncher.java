// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import io.spawn4j.jmh.contender.NativeFiles;
import io.spawn4j.jmh.contender.ProcStatus;
import io.spawn4j.jmh.suite.Launch;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the executables that JMH takes for a JVM: scripts that prepare what a {@link Launch} asks for and become it.
 */
final class JvmLauncher {
    private static final int VARIABLE_BYTES = 1000;
    private static final String ORDINARY_USER = "65534";
    private static final String PRINTS_PROPERTIES = "org.openjdk.jmh.runner.PrintPropertiesMain";

    private final Map<Launch, Path> scripts = new HashMap<>();

    /** The executable for it; the same for the same one. */
    Path executable(Launch launch) throws IOException {
        Path known = scripts.get(launch);
        if (known == null) {
            known = write(launch);
            scripts.put(launch, known);
        }
        return known;
    }

    /**
     * Tries it with a JVM that does nothing.
     *
     * @return why it does not work, in a sentence; empty if it does
     */
    Optional<String> refusal(Launch launch) throws IOException, InterruptedException {
        if (Jdk.find(launch.jdk()).isEmpty()) {
            return Optional.of(noJdk(launch));
        }
        List<String> command = new ArrayList<>(List.of(executable(launch).toString()));
        command.addAll(launch.jvmArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Nothing.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0
                ? Optional.empty()
                : Optional.of(said.lines().findFirst().orElse("it says nothing"));
    }

    private static String noJdk(Launch launch) {
        return "no JDK " + launch.jdk() + " below " + Jdk.JVMS;
    }

    private Path write(Launch launch) throws IOException {
        Jdk jdk = Jdk.find(launch.jdk()).orElseThrow(() -> new IOException(noJdk(launch)));
        StringBuilder script = new StringBuilder("#!/bin/sh\n");
        if (launch.openFiles() > 0) {
            script.append(String.format(Locale.ROOT, """
                    refused() {
                        echo "the limit of open files cannot be raised to %1$d" >&2
                        exit 1
                    }
                    hard=$(ulimit -Hn)
                    if [ "$hard" != unlimited ] && [ "$hard" -lt %1$d ]; then ulimit -Hn %1$d 2>/dev/null || refused; fi
                    ulimit -Sn %1$d 2>/dev/null || refused
                    """, launch.openFiles()));
        }
        for (int i = 0; i < launch.environmentBytes() / VARIABLE_BYTES; i++) {
            String name = String.format("SPAWN4J_BENCHMARK_%06d=", i);
            // With its terminating null byte.
            script.append("export ")
                    .append(name)
                    .append("v".repeat(VARIABLE_BYTES - name.length() - 1))
                    .append('\n');
        }
        String java = "'" + jdk.home().resolve("bin/java").toString().replace("'", "'\\''") + "' \"$@\"\n";
        if (launch.ordinaryUser()) {
            // JMH has a JVM write its properties into a file of the report's own user first.
            script.append("case \"$*\" in *")
                    .append(PRINTS_PROPERTIES)
                    .append("*) exec ")
                    .append(java)
                    .append("esac\n");
        }
        script.append("exec ");
        if (launch.pinned()) {
            script.append("taskset -c ").append(firstCpu()).append(' ');
        }
        if (launch.ordinaryUser()) {
            script.append("setpriv --reuid=" + ORDINARY_USER + " --regid=" + ORDINARY_USER
                    + " --clear-groups --inh-caps=-all ");
        }
        script.append(java);
        File file = NativeFiles.directory().resolve("java-" + scripts.size()).toFile();
        file.deleteOnExit();
        Files.writeString(file.toPath(), script);
        Files.setPosixFilePermissions(file.toPath(), PosixFilePermissions.fromString("rwxr-xr-x"));
        return file.toPath();
    }

    /** The first that this process may use. */
    private static String firstCpu() throws IOException {
        return ProcStatus.own()
                .find("Cpus_allowed_list")
                .map(cpus -> cpus.split("[-,]", 2)[0])
                .orElse("0");
    }

    /** What a JVM does that is only tried. */
    static final class Nothing {
        private Nothing() {}

        public static void main(String[] arguments) {}
    }
}
