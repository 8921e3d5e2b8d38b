// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.suite.Cell;
import io.spawn4j.jmh.suite.Cells;
import io.spawn4j.jmh.suite.Length;
import io.spawn4j.jmh.suite.Suite;
import io.spawn4j.jmh.suite.Timing;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PlanTest {
    @ParameterizedTest
    @CsvSource({"--smoke,0,4", "--quick,0,10", "--full,45,75"})
    void runTakesAsLongAsItsOptionSays(String length, double atLeast, double below) {
        Plan plan = plan(length);

        double minutes = plan.rounds().stream()
                        .flatMap(List::stream)
                        .mapToLong(cell -> plan.timing(cell).millis())
                        .sum()
                / 60_000.0;

        assertThat(minutes).isBetween(atLeast, below);
    }

    @ParameterizedTest
    @EnumSource
    void firstRoundHasEveryCell(Length length) {
        assertThat(plan("--" + length).rounds().get(0)).containsExactlyElementsOf(Cells.all(length));
    }

    @Test
    void contendersOfAScenarioFollowOneAnotherDirectly() {
        assertThat(plan().rounds()).hasSizeGreaterThan(1).allSatisfy(round -> {
            List<String> scenarios = new ArrayList<>();
            String last = "";
            for (Cell cell : round) {
                if (!cell.scenario().id().equals(last)) {
                    last = cell.scenario().id();
                    scenarios.add(last);
                }
            }
            assertThat(scenarios).doesNotHaveDuplicates();
        });
    }

    @Test
    void roundsOfAFullRunGiveEverythingThatIsComparedItsOwnNumber() {
        List<List<Cell>> rounds = plan("--only", "^(tiny.t1|endurance)/").rounds();

        assertThat(rounds).hasSize(6);
        assertThat(rounds.get(0)).extracting(Cell::id).contains("endurance/SPAWN4J_CLONE3", "tiny.t1/NUPROCESS");
        assertThat(rounds.subList(1, 5))
                .allSatisfy(round -> assertThat(round)
                        .extracting(Cell::contender)
                        .containsExactlyInAnyOrder(
                                Contender.SPAWN4J_CLONE3, Contender.PROCESS_BUILDER, Contender.C_POSIX_SPAWN));
    }

    @Test
    void roundsOfTheOptionsWinOverTheScenarios() {
        List<List<Cell>> rounds =
                plan("--rounds", "7", "--only", "^(tiny.t1|endurance)/").rounds();

        assertThat(rounds).hasSize(7);
        assertThat(rounds)
                .allSatisfy(round -> assertThat(round)
                        .extracting(Cell::id)
                        .contains("endurance/SPAWN4J_CLONE3", "tiny.t1/SPAWN4J_CLONE3"));
        assertThat(rounds.get(6)).extracting(Cell::id).doesNotContain("tiny.t1/NUPROCESS");
        assertThat(plan("--rounds", "1").rounds()).hasSize(1);
    }

    @Test
    void onlyLeavesWhatMatches() {
        assertThat(plan("--smoke", "--only", "/ZT_EXEC$").rounds())
                .singleElement()
                .satisfies(round -> assertThat(round).extracting(Cell::id).containsExactly("tiny.t1/ZT_EXEC"));
        assertThat(plan("--only", "nothing is called so").rounds()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"^first,FIRST", "^ramp,RAMP"})
    void firstChildrenAreSelectedByTheirNames(String only, Suite suite) {
        assertThat(plan("--only", only).rounds().get(0))
                .isNotEmpty()
                .allMatch(cell -> cell.suite() == suite)
                .hasSize(suite.scenarios(Length.FULL).stream()
                        .mapToInt(scenario -> scenario.everyone().size())
                        .sum());
    }

    @Test
    void secondsOfTheOptionsAreForWhatIsRepeatedOnly() {
        Plan plan = plan("--seconds", "9", "--warmup", "8");
        Cell repeated = Cells.full("tiny.t1", Contender.SPAWN4J_CLONE3);
        Cell once = Cells.full("endurance", Contender.SPAWN4J_CLONE3);

        Timing timing = plan.timing(repeated);

        assertThat(timing.measuredMillis()).isEqualTo(9000);
        assertThat(timing.warmupMillis()).isEqualTo(8000);
        assertThat(plan.timing(once)).isEqualTo(once.scenario().timing());
    }

    @Test
    void warmUpIsForTheCompilerButForTheLastSecond() {
        Plan plan = plan("--warmup", "8");

        Timing java = plan.timing(Cells.full("true.t4", Contender.NUPROCESS));
        Timing inC = plan.timing(Cells.full("true.t4", Contender.C_POSIX_SPAWN));

        assertThat(java.compileMillis()).isEqualTo(7000);
        assertThat(java.scenariosOwnMillis()).isEqualTo(1000);
        assertThat(inC.compileMillis()).isZero();
        assertThat(inC.warmupMillis()).isEqualTo(1000);
        assertThat(inC.measuredMillis()).isEqualTo(java.measuredMillis());
        assertThat(plan.timing(Cells.full("start.t4", Contender.C_POSIX_SPAWN)).warmupMillis())
                .isEqualTo(8000);
    }

    private static Plan plan(String... options) {
        return new Plan(ReportOptions.parse(options));
    }
}
