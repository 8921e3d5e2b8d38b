// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.Jars;
import io.spawn4j.linux.support.NestedSuite;
import io.spawn4j.linux.support.TestTools;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a JVM loads between the request of its first child and the end of it: most of what that child costs. Whoever
 * puts something on that way sees it here. The figures are by JDK, of a class path application on two CPUs; a smaller
 * one is welcome, and wants to be written down.
 */
@Tag(NestedSuite.MAIN_ONLY)
class FirstStartClassesTest {
    /**
     * What was counted when it was written down.
     *
     * @param ours of spawn4j and jffi; eight of them, which failures need, come on a timer that may be later than the
     *     end
     * @param others of the JDK, from its archive of shared classes or not
     */
    private record Stored(int ours, int others) {}

    private static final Map<Integer, Stored> STORED = Map.of(17, new Stored(148, 345), 25, new Stored(148, 460));

    /** What a count may be above the stored one: threads load a class more or less by chance. */
    private static final double MARGIN = 1.05;

    private static final String REMEDY =
            "-Xlog:class+load shows which they are; if so many are right, write it into STORED and say why in the commit";

    private static List<String> loaded;

    /** Starts one child, with a line before and after. */
    public static final class OneStart {
        private OneStart() {}

        /** Runs it. */
        public static void main(String[] arguments) throws IOException, InterruptedException {
            System.out.println("begins");
            Process child = new SpawnBuilder(arguments).start();
            child.waitFor();
            child.getInputStream().close();
            child.getErrorStream().close();
            child.getOutputStream().close();
            System.out.println("has ended");
        }
    }

    @BeforeAll
    static void start() {
        loaded = Jars.jvm(OneStart.class, TestTools.path("tiny"))
                .option("-Xlog:class+load:stdout:none")
                .run()
                .orThrow()
                .lines()
                .dropWhile(line -> !line.equals("begins"))
                .takeWhile(line -> !line.equals("has ended"))
                .filter(line -> line.contains(" source: "))
                .toList();
    }

    @Test
    void noMoreThanWereCounted() {
        long ours = loaded.stream().filter(FirstStartClassesTest::isOurs).count();
        Stored stored = STORED.get(Runtime.version().feature());
        assertThat(stored)
                .as("JDK %s: %d of ours, %d others", Runtime.version(), ours, loaded.size() - ours)
                .isNotNull();
        assertThat((double) ours)
                .as("classes of spawn4j and jffi: " + REMEDY)
                .isBetween(stored.ours / 2.0, stored.ours * MARGIN);
        assertThat((double) loaded.size() - ours)
                .as("classes of the JDK: " + REMEDY)
                .isBetween(stored.others / 2.0, stored.others * MARGIN);
    }

    @Test
    void noLambdasOfOurs() {
        assertThat(loaded).isNotEmpty().noneMatch(line -> isOurs(line) && line.contains("$$Lambda"));
    }

    private static boolean isOurs(String line) {
        return line.startsWith("io.spawn4j.") || line.startsWith("com.kenai.jffi.");
    }
}
