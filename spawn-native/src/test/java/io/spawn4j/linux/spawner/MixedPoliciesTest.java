// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.NestedSuite;
import io.spawn4j.linux.support.RequiresNativeEngine;
import io.spawn4j.linux.support.Scale;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Many spawns over mixed policies leave nothing behind in the JVM that made them.
 *
 * <p>200,000 children; {@code -Dspawn4j.test.spawns} makes it another number.
 */
@Tag(NestedSuite.MAIN_ONLY) // long, and each setting has its own test in every mode
@RequiresNativeEngine
class MixedPoliciesTest {
    private static final int SPAWNS = 200_000;
    private static final long MEBIBYTE = 1024;

    @Test
    void descriptorsThreadsAndMemoryAreAsBefore() {
        int spawns = Integer.getInteger("spawn4j.test.spawns", Scale.of(SPAWNS));
        String output = NestedJvm.of(MixedPolicies.class, Integer.toString(spawns))
                .option("-Xms256m")
                .option("-XX:+AlwaysPreTouch") // the heap is not to grow
                .option("-XX:+UseSerialGC")
                .option("-XX:-UseDynamicNumberOfCompilerThreads") // nor is the number of the JVM's own threads
                .environment("MALLOC_ARENA_MAX", "2") // nor is the libc to reserve arenas for threads
                .deadline(Duration.ofMinutes(15))
                .run()
                .orThrow();
        Map<String, Long> before = row(output, "before");
        Map<String, Long> after = row(output, "after");
        System.out.println(output.strip());
        assertThat(after).containsEntry("spawns", (long) spawns);
        assertThat(after.get("zombies")).isZero();
        assertThat(after.get("descriptors")).isLessThanOrEqualTo(before.get("descriptors"));
        assertThat(after.get("threads")).as(output).isLessThanOrEqualTo(before.get("threads"));
        assertThat(after.get("heapKiB") - before.get("heapKiB")).isLessThan(2 * MEBIBYTE);
        assertThat(after.get("mappings") - before.get("mappings")).isLessThan(40);
        // What compilers and the code cache take meanwhile is theirs.
        assertThat(after.get("rssAnonKiB") - before.get("rssAnonKiB")).isLessThan(24 * MEBIBYTE);
        assertThat(after.get("vmSizeKiB") - before.get("vmSizeKiB")).isLessThan(64 * MEBIBYTE);
    }

    private static Map<String, Long> row(String output, String when) {
        String line = output.lines()
                .filter(text -> text.startsWith(when + " "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(output));
        return Map.copyOf(Arrays.stream(line.substring(when.length() + 1).split(" "))
                .map(field -> field.split("="))
                .collect(Collectors.toMap(
                        field -> field[0], field -> Long.valueOf(field[1]), (a, b) -> a, TreeMap::new)));
    }
}
