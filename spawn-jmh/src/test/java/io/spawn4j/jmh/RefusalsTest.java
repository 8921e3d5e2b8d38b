// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.suite.Cell;
import io.spawn4j.jmh.suite.Cells;
import io.spawn4j.jmh.suite.Launch;
import io.spawn4j.jmh.suite.Scenario;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClassPath.class) // runs as from the jar
class RefusalsTest {
    private static final Cell PLAIN = Cells.full("tiny.t1", Contender.PROCESS_BUILDER);

    private final Refusals refusals = new Refusals(new JvmLauncher());

    @Test
    void whatNeedsNothingIsNeitherRefusedNorMentioned() throws Exception {
        List<List<Cell>> rounds = List.of(List.of(PLAIN), List.of(PLAIN));

        assertThat(refusals.without(rounds)).isEqualTo(rounds);
        assertThat(refusals.versions()).isEmpty();
        assertThat(refusals.jdks()).isEmpty();
    }

    @Test
    void whatNeedsAJdkThatIsMissingIsLeftOutOfEveryRound() throws Exception {
        Cell missing = onJdk(99);

        assertThat(refusals.without(List.of(List.of(PLAIN, missing), List.of(missing))))
                .containsExactly(List.of(PLAIN), List.of());
        assertThat(refusals.leftOut()).contains("jdk99: no JDK 99 below /usr/lib/jvm");
        assertThat(refusals.jdks()).isEmpty();
    }

    @Test
    void everyOtherJdkIsNamedByItsVersion() throws Exception {
        for (int feature = 17; feature < 99; feature++) {
            Optional<Jdk> found = Jdk.find(feature);
            if (found.isPresent() && !Jdk.isOwn(feature)) {
                Cell cell = onJdk(feature);
                assertThat(refusals.without(List.of(List.of(cell)))).containsExactly(List.of(cell));
                assertThat(refusals.jdks()).contains(found.get().version());
            }
        }
    }

    private static Cell onJdk(int feature) {
        Scenario plain = PLAIN.scenario();
        Scenario other = new Scenario(
                "jdk" + feature,
                plain.label(),
                plain.x(),
                plain.method(),
                plain.parameters(),
                plain.threads(),
                new Launch(false, false, 0, 0, feature, List.of()),
                plain.timing(),
                plain.contenders(),
                plain.others(),
                plain.rounds());
        return new Cell(PLAIN.suite(), other, PLAIN.contender());
    }
}
