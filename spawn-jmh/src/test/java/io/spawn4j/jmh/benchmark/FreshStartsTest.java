// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.contender.Program;
import io.spawn4j.jmh.suite.Cell;
import io.spawn4j.jmh.suite.Cells;
import io.spawn4j.jmh.suite.Length;
import io.spawn4j.jmh.suite.Method;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Its parts as methods: a JVM of its own is started by FreshJvmsTest. */
class FreshStartsTest {
    private static final long MINUTE = 60_000_000_000L;

    private static final String TINY = Program.TINY.command().get(0);

    @ParameterizedTest
    @MethodSource("entrants")
    void everyEntrantOfAFreshJvmStartsChildren(Contender contender) throws Exception {
        long begin = System.nanoTime();
        long[] nanos = FreshStarts.nanos(MINUTE, contender.name(), TINY, 1, 3, 4);
        long all = System.nanoTime() - begin;

        assertThat(nanos).hasSize(3).isSorted();
        assertThat(nanos[0]).isPositive();
        assertThat(nanos[2]).isLessThanOrEqualTo(all);
    }

    @Test
    void whoTakesLongerThanTheLimitHasFewerFigures() throws Exception {
        assertThat(FreshStarts.nanos(1, "PROCESS_BUILDER", TINY, 1, 2)).hasSize(1);
        assertThat(FreshStarts.nanos(1, "PROCESS_BUILDER", TINY, 2)).isEmpty();
    }

    @Test
    void contenderThatIsNotStartedAsAUserWouldIsRefused() {
        assertThatThrownBy(() -> FreshStarts.nanos(MINUTE, "SPAWN4J_NICE", TINY, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("SPAWN4J_NICE");
    }

    @Test
    void childThatFailsIsAnError() {
        assertThatThrownBy(() -> FreshStarts.nanos(MINUTE, "PROCESS_BUILDER", "/bin/false", 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the child ended with 1");
    }

    @Test
    void lineHasTheChildsNumberAndItsNanoseconds() throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            FreshStarts.main(new String[] {"PROCESS_BUILDER", "false", "true", TINY, "1", "10"});
        } finally {
            System.setOut(before);
        }

        assertThat(out.toString(StandardCharsets.UTF_8)).matches("1 \\d+\n10 \\d+\n");
    }

    @Test
    void figureIsFoundByTheChildThatItIsAbout() {
        assertThat(Figure.ofRamp()).allSatisfy(figure -> {
            assertThat(Figure.until(figure.child())).isEqualTo(figure);
            assertThat(figure.lessIsBetter()).isTrue();
        });
        assertThat(Stream.of(Figure.values()).filter(figure -> figure.child() > 0))
                .containsExactlyElementsOf(Figure.ofRamp());
        assertThatThrownBy(() -> Figure.until(2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no figure tells when child 2 is gone");
        assertThatCode(() -> Figure.until(1)).doesNotThrowAnyException();
    }

    static List<Contender> entrants() {
        return Arrays.stream(Length.values())
                .flatMap(length -> Cells.all(length).stream())
                .filter(cell -> cell.scenario().method() == Method.FRESH)
                .map(Cell::contender)
                .distinct()
                .toList();
    }
}
