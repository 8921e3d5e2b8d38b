// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.spawn4j.jmh.suite.Launch;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(ClassPath.class) // runs as from the jar
class JvmLauncherTest {
    /** Says what it finds itself in, as properties. */
    private static final String PROBE = """
            public class Probe {
                public static void main(String[] arguments) throws Exception {
                    System.out.println("cpus=" + Runtime.getRuntime().availableProcessors());
                    System.out.println("jdk=" + Runtime.version().feature());
                    System.out.println("environment=" + System.getenv().entrySet().stream()
                            .filter(variable -> variable.getKey().startsWith("SPAWN4J_BENCHMARK_"))
                            .mapToInt(variable -> variable.getKey().length() + variable.getValue().length() + 2)
                            .sum());
                    for (String file : new String[] {"status", "limits"}) {
                        java.nio.file.Path path = java.nio.file.Path.of("/proc/self", file);
                        for (String line : java.nio.file.Files.readAllLines(path)) {
                            System.out.println(line.replaceFirst("^Max open files +", "files=").replaceFirst(":", "="));
                        }
                    }
                }
            }
            """;

    @TempDir
    private Path directory;

    private final JvmLauncher launcher = new JvmLauncher();

    @BeforeEach
    void writeProbe() throws IOException {
        Files.writeString(directory.resolve("Probe.java"), PROBE);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void plainJvmIsTheReportsOwn() throws Exception {
        Properties facts = probe(Launch.PLAIN);

        assertThat(facts)
                .containsEntry("cpus", "" + Runtime.getRuntime().availableProcessors())
                .containsEntry("jdk", "" + Runtime.version().feature())
                .containsEntry("environment", "0");
        assertThat(launcher.refusal(Launch.PLAIN)).isEmpty();
    }

    @Test
    void pinnedJvmSeesOneCpuAndItsEnvironmentHasTheBytesThatWereAskedFor() throws Exception {
        Launch launch = new Launch(true, false, 0, 100_000, 0, List.of());

        Properties facts = probe(launch);

        assertThat(facts).containsEntry("cpus", "1").containsEntry("environment", "100000");
        assertThat(facts.getProperty("Cpus_allowed_list").strip()).matches("\\d+");
        assertThat(launcher.refusal(launch)).isEmpty();
    }

    @Test
    void limitOfOpenFilesIsWhatWasAskedFor() throws Exception {
        // The JVM raises it to the hard limit of its own accord otherwise.
        Launch launch = new Launch(false, false, 1234, 0, 0, List.of("-XX:-MaxFDLimit"));

        assertThat(probe(launch).getProperty("files")).matches("1234 +\\d+ +files *");
    }

    @Test
    void limitThatNobodyMayHaveIsRefusedWithASentence() throws Exception {
        int tooMany = nrOpen() + 1;
        Launch launch = new Launch(false, false, tooMany, 0, 0, List.of());

        assertThat(launcher.refusal(launch)).hasValue("the limit of open files cannot be raised to " + tooMany);
    }

    @Test
    void jdkThatIsNotInstalledIsRefusedWithASentence() throws Exception {
        Launch launch = new Launch(false, false, 0, 0, 99, List.of());

        assertThat(launcher.refusal(launch)).hasValue("no JDK 99 below /usr/lib/jvm");
        assertThatThrownBy(() -> launcher.executable(launch))
                .isInstanceOf(IOException.class)
                .hasMessage("no JDK 99 below /usr/lib/jvm");
    }

    @Test
    void argumentThatTheJvmDoesNotKnowIsRefusedInItsOwnWords() throws Exception {
        Launch launch = new Launch(false, false, 0, 0, 0, List.of("-XX:+NoSuchOption"));

        assertThat(launcher.refusal(launch)).get().asString().contains("NoSuchOption");
    }

    @Test
    void ordinaryUserHasNoCapabilitiesAndNoGroups() throws Exception {
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "only root becomes another user");
        Launch launch = new Launch(true, true, 0, 0, 0, List.of());

        Properties facts = probe(launch);

        assertThat(facts.getProperty("Uid").split("\\s+", -1)).containsOnly("65534");
        assertThat(facts.getProperty("Gid").split("\\s+", -1)).containsOnly("65534");
        assertThat(facts.getProperty("Groups").strip()).isEmpty();
        for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapAmb")) {
            assertThat(facts.getProperty(set)).as(set).isEqualTo("0000000000000000");
        }
        assertThat(facts).containsEntry("cpus", "1");
    }

    @Test
    void sameLaunchHasTheSameExecutableAndAnotherHasAnother() throws Exception {
        Path plain = launcher.executable(Launch.PLAIN);
        Path pinned = launcher.executable(new Launch(true, false, 0, 0, 0, List.of()));

        assertThat(launcher.executable(new Launch(false, false, 0, 0, 0, List.of())))
                .isEqualTo(plain);
        assertThat(pinned).isNotEqualTo(plain);
        assertThat(pinned).isExecutable();
    }

    private static int nrOpen() throws IOException {
        // In one read: behind the first byte such a file may have nothing more to say.
        try (InputStream in = Files.newInputStream(Path.of("/proc/sys/fs/nr_open"))) {
            byte[] text = new byte[100];
            return Integer.parseInt(new String(text, 0, in.read(text), StandardCharsets.UTF_8).strip());
        }
    }

    private Properties probe(Launch launch) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(launcher.executable(launch).toString()));
        command.addAll(launch.jvmArguments());
        command.add(directory.resolve("Probe.java").toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        Properties facts = new Properties();
        facts.load(new StringReader(said));
        return facts;
    }
}
