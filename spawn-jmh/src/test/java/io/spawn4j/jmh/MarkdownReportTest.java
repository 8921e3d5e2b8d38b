// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import static io.spawn4j.jmh.Contender.C_POSIX_SPAWN;
import static io.spawn4j.jmh.Contender.PROCESS_BUILDER;
import static io.spawn4j.jmh.Contender.SPAWN4J_CLONE3;
import static io.spawn4j.jmh.Contender.SPAWN4J_PID_NAMESPACE;
import static io.spawn4j.jmh.Contender.SPAWN4J_SUBREAPER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MarkdownReportTest {
    private static final Scenario TRUE = Scenario.of(Program.TRUE, true, 1);
    private static final Scenario TINY = Scenario.of(Program.TINY, true, 1);

    private final Measurements measurements = new Measurements();

    @Test
    void eachMeasuredTargetSaysWhetherItIsReached() {
        add(TINY, SPAWN4J_CLONE3, 790, 120);
        add(TINY, C_POSIX_SPAWN, 1000, 100);
        add(TRUE, SPAWN4J_CLONE3, 500, 130);
        add(TRUE, C_POSIX_SPAWN, 500, 100);
        add(TRUE, PROCESS_BUILDER, 400, 300);
        boolean pinned = ReportOptions.parse().pinned();

        String report = report();

        assertThat(report)
                .contains("| tiny, 1 caller: rate / C | " + (pinned ? "0.80 | 1.00" : "0.52 | 0.80") + " | 0.79 | "
                        + (pinned ? "**missed**" : "reached") + " |")
                .contains("| tiny, 1 caller: CPU time / C | at most 1.25 | at most 1.00 | 1.20 | reached |")
                .contains("| /bin/true, 1 caller: rate / C | " + (pinned ? "0.92 | 1.00" : "0.85 | 0.95")
                        + " | 1.00 | goal reached |")
                .contains("| /bin/true, 1 caller: CPU time / C | at most 1.25 | at most 1.00 | 1.30 | **missed** |")
                .contains("| /bin/true, 1 caller: rate / ProcessBuilder | 1.80 | 2.20 | 1.25 | **missed** |")
                .doesNotContain("4 callers: rate", "descriptors: rate", "tiny, 1 caller: rate / ProcessBuilder");
    }

    @Test
    void containmentIsComparedWithPlainStarts() {
        Scenario contained = Scenario.inContainment();
        add(contained, SPAWN4J_CLONE3, 4000, 200);
        add(contained, PROCESS_BUILDER, 1000, 800);
        add(contained, SPAWN4J_SUBREAPER, 2000, 400);
        add(contained, SPAWN4J_PID_NAMESPACE, 500, 1600);

        assertThat(report())
                .contains(
                        "| tiny, 1 caller, spawn4j, SUBREAPER: rate / ProcessBuilder | 1.00 | 1.00 | 2.00 | goal reached |",
                        "| tiny, 1 caller, spawn4j, PID_NAMESPACE: rate / ProcessBuilder | 1.00 | 1.00 | 0.50 | **missed** |",
                        "| rate / ProcessBuilder | rate / spawn4j | CPU / ProcessBuilder |",
                        "| spawn4j, SUBREAPER | 2,000 | 2,000 | 500.0 | 400 | 2.00 | 0.50 | 0.50 |")
                .doesNotContain("rate / C");
    }

    @Test
    void barsAreScaledToTheFastestOfTheirScenario() {
        add(TINY, SPAWN4J_CLONE3, 500, 1);
        add(TINY, C_POSIX_SPAWN, 1000, 1);
        add(TRUE, SPAWN4J_CLONE3, 10, 1);

        assertThat(report())
                .contains("  spawn4j native, clone3   " + "█".repeat(20) + " 500\n")
                .contains("  C, posix_spawn + waitid  " + "█".repeat(40) + " 1,000\n")
                .contains("  spawn4j native, clone3   " + "█".repeat(40) + " 10\n");
    }

    @Test
    void barOfAVerySlowContenderIsStillSeen() {
        add(TINY, PROCESS_BUILDER, 1, 1);
        add(TINY, C_POSIX_SPAWN, 100_000, 1);

        assertThat(report()).contains("  ProcessBuilder, default  ▏ 1\n");
    }

    private void add(Scenario scenario, Contender contender, double rate, double cpuMicros) {
        measurements.add(new Measurement(0, scenario, contender, rate, cpuMicros / 2, cpuMicros / 2));
    }

    private String report() {
        return new MarkdownReport(Map.of(), ReportOptions.parse(), measurements, Optional.empty()).render();
    }
}
