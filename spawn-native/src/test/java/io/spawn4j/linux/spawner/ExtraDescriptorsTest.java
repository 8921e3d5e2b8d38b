// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.linux.support.ChildState;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.RequiresNativeEngine;
import io.spawn4j.linux.support.TestTools;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each extra descriptor is what was named, under the number that was asked for, whatever numbers are used on the way.
 */
class ExtraDescriptorsTest {
    private static final int READ_ONLY = 0;
    private static final Pattern LINE = Pattern.compile("(\\d+) -> (.*) flags (\\d+) cloexec (\\d)");

    @TempDir
    Path directory;

    private final List<Integer> opened = new ArrayList<>();
    private LeakCheck leaks;

    @BeforeEach
    void begin() {
        ChildState.under(SpawnPolicy.defaults());
        leaks = LeakCheck.begin();
    }

    @AfterEach
    void nothingIsLeft() {
        opened.forEach(TestTools.natives()::close);
        leaks.assertClean();
    }

    /** A descriptor of this JVM on a file whose name is the number. */
    private int open(int name) throws IOException {
        Path file = directory.resolve(Integer.toString(name));
        if (!Files.exists(file)) {
            Files.writeString(file, "contents of " + name);
        }
        int fd = TestTools.ok(TestTools.natives().open(file.toString(), READ_ONLY));
        opened.add(fd);
        return fd;
    }

    private int openAbove(int name, int lowest) throws IOException {
        int copy = TestTools.ok(TestTools.natives().dupAbove(open(name), lowest));
        opened.add(copy);
        return copy;
    }

    /** What the child finds above its standard streams: file names by number; none may close at its exec. */
    private Map<Integer, String> seenUnder(SpawnPolicy policy) {
        return seen(new SpawnBuilder(TestTools.path("fdlist")).policy(policy));
    }

    private Map<Integer, String> seen(SpawnBuilder builder) {
        Map<Integer, String> found = new TreeMap<>();
        ChildState.output(ChildState.start(builder)).lines().forEach(line -> {
            Matcher matcher = LINE.matcher(line);
            assertThat(matcher.matches()).as(line).isTrue();
            int number = Integer.parseInt(matcher.group(1));
            if (number > 2) {
                found.put(number, matcher.group(2).replace(directory + "/", ""));
                assertThat(matcher.group(4)).as(line).isEqualTo("0");
            }
        });
        return found;
    }

    @Test
    void numbersThatTheLibraryUsesItselfAreTheChildsToChoose() throws IOException {
        SpawnPolicy.Builder policy = SpawnPolicy.builder();
        Map<Integer, String> expected = new TreeMap<>();
        for (int target = 3; target <= 20; target++) {
            policy.extraDescriptor(target, open(target));
            expected.put(target, Integer.toString(target));
        }
        assertThat(seenUnder(policy.build())).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 250, 255, 256, 1000})
    void eachNumberWorksAlone(int target) throws IOException {
        SpawnPolicy policy =
                SpawnPolicy.builder().extraDescriptor(target, open(1)).build();
        assertThat(seenUnder(policy)).containsExactly(Map.entry(target, "1"));
        SpawnBuilder merged = new SpawnBuilder(TestTools.path("fdlist"))
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .policy(policy);
        assertThat(seen(merged)).containsExactly(Map.entry(target, "1"));
    }

    @Test
    void chainsAndRingsOfNumbersDoNotOverwriteEachOther() throws IOException {
        // Numbers of the JVM which are also numbers that the child asks for, shifted by one, with the last going first.
        int lowest = 300;
        int length = 8;
        SpawnPolicy.Builder policy = SpawnPolicy.builder();
        Map<Integer, String> expected = new TreeMap<>();
        int[] numbers = new int[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = openAbove(i, lowest);
        }
        for (int i = 0; i < length; i++) {
            int target = numbers[(i + 1) % length];
            policy.extraDescriptor(target, numbers[i]);
            expected.put(target, Integer.toString(i));
        }
        assertThat(seenUnder(policy.build())).isEqualTo(expected);
    }

    @Test
    void smallNumbersInReverseDoNotOverwriteEachOther() throws IOException {
        SpawnPolicy.Builder policy = SpawnPolicy.builder();
        Map<Integer, String> expected = new TreeMap<>();
        for (int target = 20; target >= 3; target--) {
            policy.extraDescriptor(target, open(target));
            expected.put(target, Integer.toString(target));
        }
        SpawnBuilder builder = new SpawnBuilder(TestTools.path("fdlist"))
                .redirectInput(new File("/dev/null"))
                .policy(policy.build());
        assertThat(seen(builder)).isEqualTo(expected);
    }

    @Test
    void oneSourceServesSeveralTargets() throws IOException {
        int source = open(1);
        SpawnPolicy policy = SpawnPolicy.builder()
                .extraDescriptor(3, source)
                .extraDescriptor(4, source)
                .extraDescriptor(source, source)
                .extraDescriptor(999, source)
                .build();
        assertThat(seenUnder(policy)).containsExactlyInAnyOrderEntriesOf(Map.of(3, "1", 4, "1", source, "1", 999, "1"));
    }

    @Test
    void asManyAsOneMessageCarries() throws IOException {
        assertAllArrive(SpawnPolicy.builder());
    }

    @Test
    @RequiresNativeEngine
    void asManyAsOneMessageCarriesBesideTheHelper() throws IOException {
        assertAllArrive(SpawnPolicy.builder().noNewPrivileges());
    }

    private void assertAllArrive(SpawnPolicy.Builder policy) throws IOException {
        int source = open(1);
        Map<Integer, String> expected = new TreeMap<>();
        for (int target = 3; target < 251; target++) {
            policy.extraDescriptor(target, source);
            expected.put(target, "1");
        }
        SpawnBuilder builder = new SpawnBuilder(TestTools.path("fdlist"))
                .redirectInput(new File("/dev/null"))
                .redirectError(Redirect.INHERIT)
                .policy(policy.build());
        assertThat(seen(builder)).isEqualTo(expected);
    }

    @Test
    void descriptorWithCloseOnExecIsInheritedAllTheSame() throws IOException {
        int source = open(1);
        TestTools.ok(TestTools.natives().setCloexec(source, 1));
        assertThat(seenUnder(SpawnPolicy.builder().extraDescriptor(5, source).build()))
                .containsExactly(Map.entry(5, "1"));
        assertThat(TestTools.natives().descriptorFlags(source)).isEqualTo(1);
    }

    @Test
    void descriptorWithoutCloseOnExecThatNobodyNamedIsNotInherited() throws IOException {
        int source = open(1);
        TestTools.ok(TestTools.natives().setCloexec(source, 0));
        assertThat(seenUnder(SpawnPolicy.defaults())).isEmpty();
    }

    @Test
    void positionIsSharedWithTheJvm() throws IOException {
        int source = open(1);
        SpawnBuilder builder = new SpawnBuilder("sh", "-c", "dd bs=9 count=1 <&7 2>/dev/null")
                .policy(SpawnPolicy.builder().extraDescriptor(7, source).build());
        assertThat(ChildState.output(ChildState.start(builder))).isEqualTo("contents ");
        byte[] rest = new byte[4];
        assertThat(TestTools.natives().read(source, rest, rest.length)).isEqualTo(4);
        assertThat(rest).asString().isEqualTo("of 1");
    }

    @Test
    void extraFilesAreOpenedAsTheirRedirectsSay() throws IOException {
        Path read = Files.writeString(directory.resolve("read"), "in");
        Path written = Files.writeString(directory.resolve("written"), "old and long");
        Path appended = Files.writeString(directory.resolve("appended"), "old");
        SpawnPolicy policy = SpawnPolicy.builder()
                .extraFile(3, Redirect.from(read.toFile()))
                .extraFile(4, Redirect.to(written.toFile()))
                .extraFile(12, Redirect.appendTo(appended.toFile()))
                .extraFile(13, Redirect.DISCARD)
                .build();
        SpawnBuilder builder =
                new SpawnBuilder("bash", "-c", "cat <&3; echo new >&4; echo new >&12; echo new >&13").policy(policy);
        assertThat(ChildState.output(ChildState.start(builder))).isEqualTo("in");
        assertThat(written).hasContent("new");
        assertThat(appended).hasContent("oldnew");
        assertThat(seenUnder(policy))
                .containsExactlyInAnyOrderEntriesOf(Map.of(3, "read", 4, "written", 12, "appended", 13, "/dev/null"));
    }
}
