// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SignalTest {

    @Test
    void numbersRunFromOneToSixtyFour() {
        assertThat(Arrays.stream(Signal.values()).mapToInt(Signal::number).toArray())
                .isEqualTo(IntStream.rangeClosed(1, 64).toArray());
        for (Signal signal : Signal.values()) {
            assertThat(Signal.of(signal.number())).isSameAs(signal);
        }
    }

    @Test
    void namesHaveTheKernelsNumbers() {
        Map<String, Integer> known = Map.ofEntries(
                Map.entry("HUP", 1),
                Map.entry("INT", 2),
                Map.entry("QUIT", 3),
                Map.entry("ILL", 4),
                Map.entry("TRAP", 5),
                Map.entry("ABRT", 6),
                Map.entry("BUS", 7),
                Map.entry("FPE", 8),
                Map.entry("KILL", 9),
                Map.entry("USR1", 10),
                Map.entry("SEGV", 11),
                Map.entry("USR2", 12),
                Map.entry("PIPE", 13),
                Map.entry("ALRM", 14),
                Map.entry("TERM", 15),
                Map.entry("STKFLT", 16),
                Map.entry("CHLD", 17),
                Map.entry("CONT", 18),
                Map.entry("STOP", 19),
                Map.entry("TSTP", 20),
                Map.entry("TTIN", 21),
                Map.entry("TTOU", 22),
                Map.entry("URG", 23),
                Map.entry("XCPU", 24),
                Map.entry("XFSZ", 25),
                Map.entry("VTALRM", 26),
                Map.entry("PROF", 27),
                Map.entry("WINCH", 28),
                Map.entry("IO", 29),
                Map.entry("PWR", 30),
                Map.entry("SYS", 31),
                Map.entry("IOT", 6),
                Map.entry("CLD", 17),
                Map.entry("POLL", 29),
                Map.entry("UNUSED", 31),
                Map.entry("RTMIN", 34),
                Map.entry("RTMIN+1", 35),
                Map.entry("RTMIN+15", 49),
                Map.entry("RTMAX-14", 50),
                Map.entry("RTMAX-1", 63),
                Map.entry("RTMAX", 64));
        known.forEach((name, number) -> {
            assertThat(Signal.byName(name)).as(name).map(Signal::number).contains(number);
            assertThat(Signal.byName("SIG" + name))
                    .as("SIG" + name)
                    .map(Signal::number)
                    .contains(number);
        });
        assertThat(Signal.byName("sigterm")).contains(Signal.SIGTERM);
    }

    @Test
    void everyConstantIsFoundByItsName() {
        for (Signal signal : Signal.values()) {
            assertThat(Signal.byName(signal.name())).contains(signal);
        }
    }

    @Test
    void unknownNamesAreEmpty() {
        assertThat(Signal.byName("")).isEmpty();
        assertThat(Signal.byName("SIG")).isEmpty();
        assertThat(Signal.byName("15")).isEmpty();
        assertThat(Signal.byName("RTMIN+16")).isEmpty();
        assertThat(Signal.byName("SIGSIGTERM")).isEmpty();
    }

    @Test
    void unknownNumbersAreRefusedWithTheNumber() {
        for (int number : new int[] {Integer.MIN_VALUE, -1, 0, 65, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> Signal.of(number))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith(": " + number);
        }
    }

    @Test
    void namesAndNumbersAreThoseOfThisHost() throws Exception {
        Process kill =
                new ProcessBuilder("bash", "-c", "for n in $(seq 1 31) $(seq 34 64); do kill -l $n; done").start();
        String[] names = new String(kill.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).split("\n");
        assertThat(kill.waitFor()).isZero();
        assertThat(names).hasSize(62);
        for (int i = 0; i < names.length; i++) {
            assertThat(Signal.byName(names[i])).as(names[i]).contains(Signal.of(i < 31 ? i + 1 : i + 3));
        }
    }
}
