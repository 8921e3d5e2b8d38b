// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HostTest {
    @Test
    void everythingIsSaidAndNothingIsEmpty() throws Exception {
        Map<String, String> facts = Host.facts();

        assertThat(facts)
                .containsOnlyKeys(
                        "CPU",
                        "CPUs allowed",
                        "cgroup limits",
                        "pid_max, open files",
                        "frequency governor",
                        "memory",
                        "load before the run",
                        "kernel",
                        "system",
                        "mitigations",
                        "JDK",
                        "spawn4j",
                        "jnr-ffi, JMH");
        assertThat(facts.values())
                .allSatisfy(fact -> assertThat(fact).isNotBlank().doesNotContain("\n"));
    }

    @Test
    void pidMaxIsWhatCatPrints() throws Exception {
        assertThat(Host.facts().get("pid_max, open files"))
                .matches(printed("cat", "/proc/sys/kernel/pid_max") + ", \\d+ (\\d+|unlimited) files");
    }

    @Test
    void kernelAndCpusAreWhatThisHostSays() throws Exception {
        Map<String, String> facts = Host.facts();

        assertThat(facts.get("kernel")).isEqualTo(printed("uname", "-r") + ", " + System.getProperty("os.arch"));
        assertThat(facts.get("CPU")).endsWith(", " + Runtime.getRuntime().availableProcessors() + " usable by the JVM");
        assertThat(facts.get("CPUs allowed")).matches("[\\d,-]+");
        assertThat(facts.get("memory")).matches("\\d+ kB");
        assertThat(facts.get("load before the run")).matches("\\d+\\.\\d+ \\d+\\.\\d+ \\d+\\.\\d+ \\d+/\\d+ \\d+");
        assertThat(facts.get("JDK")).endsWith(Runtime.version().toString());
    }

    private static String printed(String... command) throws Exception {
        Process process = new ProcessBuilder(command).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return text.strip();
    }
}
