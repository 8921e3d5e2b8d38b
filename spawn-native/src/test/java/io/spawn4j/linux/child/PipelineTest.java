// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.Scale;
import io.spawn4j.linux.support.TestTools;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pipelines: each child's stdout is the next one's stdin. */
class PipelineTest {
    private static final int SIGKILL = 9;

    @BeforeEach
    void threadsAndDescriptorsOfTheLibraryAreThere() throws Exception {
        new SpawnBuilder("true").start().waitFor();
    }

    @Test
    void resultIsProcessBuilders(@TempDir Path directory) throws Exception {
        Path input = Files.writeString(directory.resolve("input"), "b\na\nc\nb\n");
        Path output = directory.resolve("output");
        List<String> theirs = describe(ProcessBuilder.startPipeline(List.of(
                new ProcessBuilder("cat").redirectInput(input.toFile()),
                new ProcessBuilder("sort", "-u"),
                new ProcessBuilder("tr", "a-z", "A-Z").redirectOutput(output.toFile()))));
        String theirOutput = Files.readString(output);
        List<String> ours = describe(SpawnBuilder.startPipeline(List.of(
                new SpawnBuilder("cat").redirectInput(input.toFile()),
                new SpawnBuilder("sort", "-u"),
                new SpawnBuilder("tr", "a-z", "A-Z").redirectOutput(output.toFile()))));
        assertThat(ours).isEqualTo(theirs).hasSize(3);
        assertThat(Files.readString(output)).isEqualTo(theirOutput).isEqualTo("A\nB\nC\n");
    }

    @Test
    void endsArePipesOfTheCaller() throws Exception {
        List<ChildProcess> children = SpawnBuilder.startPipeline(List.of(
                new SpawnBuilder("cat"),
                new SpawnBuilder("sh", "-c", "cat; echo middle >&2"),
                new SpawnBuilder("sh", "-c", "cat; exit 9")));
        children.get(0).outputWriter(StandardCharsets.UTF_8).write("all the way through");
        children.get(0).outputWriter(StandardCharsets.UTF_8).close();
        assertThat(Recipe.text(children.get(2).getInputStream())).isEqualTo("all the way through");
        assertThat(Recipe.text(children.get(1).getErrorStream())).isEqualTo("middle\n");
        assertThat(children.get(2).waitFor()).isEqualTo(9);
        assertThat(children.get(0).getInputStream().read()).isEqualTo(-1);
        assertThat(children.get(1).getOutputStream().getClass())
                .isEqualTo(nullOutput().getClass());
    }

    @Test
    @DisplayName("F9: a pipeline leaves no descriptor behind")
    void leavesNoDescriptor() throws Exception {
        LeakCheck leaks = LeakCheck.begin();
        for (int i = 0; i < Scale.of(50); i++) {
            List<ChildProcess> children = SpawnBuilder.startPipeline(List.of(
                    new SpawnBuilder("echo", "x").redirectError(Redirect.INHERIT),
                    new SpawnBuilder("cat").redirectError(Redirect.DISCARD),
                    new SpawnBuilder("cat"),
                    new SpawnBuilder("cat")));
            assertThat(Recipe.text(children.get(3).getInputStream())).isEqualTo("x\n");
            for (ChildProcess child : children) {
                assertThat(child.waitFor()).isZero();
            }
        }
        leaks.assertClean();
    }

    @Test
    @DisplayName("F9: while a pipeline runs, this JVM holds the ends that it hands out and no others")
    void holdsOnlyItsOwnEnds() throws Exception {
        Set<String> before = ProcFs.pipes();
        List<ChildProcess> children = SpawnBuilder.startPipeline(
                List.of(new SpawnBuilder("cat"), new SpawnBuilder("cat"), new SpawnBuilder("cat")));
        // stdin of the first, stdout of the last, three stderrs.
        Set<String> added = ProcFs.pipes();
        added.removeAll(before);
        assertThat(added).hasSize(5);
        children.get(0).getOutputStream().close();
        for (ChildProcess child : children) {
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        await().until(() -> before.containsAll(ProcFs.pipes()));
    }

    @Test
    @DisplayName("F9: a stage that cannot start takes the others along and leaves nothing behind")
    void failingStageLeavesNothing() {
        LeakCheck leaks = LeakCheck.begin();
        for (int i = 0; i < Scale.of(20); i++) {
            for (int failing = 0; failing < 4; failing++) {
                List<SpawnBuilder> builders = new ArrayList<>();
                for (int stage = 0; stage < 4; stage++) {
                    builders.add(new SpawnBuilder(stage == failing ? "/nonexistent" : "cat"));
                }
                assertThatThrownBy(() -> SpawnBuilder.startPipeline(builders))
                        .isInstanceOf(IOException.class)
                        .hasMessageStartingWith("Cannot run program \"/nonexistent\"");
            }
        }
        leaks.assertClean();
    }

    /** Pipelines whose last stage cannot start; tells what descriptors are added, ProcessBuilder's first. */
    public static final class Failing {
        private static final int PIPELINES = 20;

        private Failing() {}

        /** Runs it. */
        public static void main(String[] unused) throws Exception {
            new SpawnBuilder("true").start().waitFor();
            new ProcessBuilder("true").start().waitFor();
            int theirs = added(() -> ProcessBuilder.startPipeline(
                    List.of(new ProcessBuilder("cat"), new ProcessBuilder("cat"), new ProcessBuilder("/nonexistent"))));
            int ours = added(() -> SpawnBuilder.startPipeline(
                    List.of(new SpawnBuilder("cat"), new SpawnBuilder("cat"), new SpawnBuilder("/nonexistent"))));
            System.out.println("theirs " + theirs + " ours " + ours);
        }

        private static int added(Callable<?> pipeline) {
            Set<Integer> before = ProcFs.descriptors().keySet();
            for (int i = 0; i < PIPELINES; i++) {
                assertThatThrownBy(pipeline::call).isInstanceOf(IOException.class);
            }
            await().until(() -> ProcFs.children().isEmpty());
            Set<Integer> after = new TreeSet<>(ProcFs.descriptors().keySet());
            after.removeAll(before);
            return after.size();
        }
    }

    // In a JVM of its own: a collection of garbage closes what ProcessBuilder leaves open, and this one makes none.
    @Test
    @DisplayName("F9: ProcessBuilder leaves descriptors of a pipeline that fails open")
    void processBuilderLeavesDescriptorsOfAFailingPipeline() {
        String output = NestedJvm.of(Failing.class).run().orThrow();
        System.out.println("F9: descriptors left by " + Failing.PIPELINES + " failing pipelines: " + output.strip());
        Matcher added = Pattern.compile("theirs (\\d+) ours (\\d+)").matcher(output);
        assertThat(added.find()).as(output).isTrue();
        assertThat(Integer.parseInt(added.group(1)))
                .as("ProcessBuilder fails this test")
                .isGreaterThanOrEqualTo(Failing.PIPELINES);
        assertThat(added.group(2)).isEqualTo("0");
    }

    @Test
    @DisplayName("F9: a stage whose file cannot be opened takes the others along, too")
    void failingRedirectLeavesNothing() {
        LeakCheck leaks = LeakCheck.begin();
        for (int i = 0; i < Scale.of(20); i++) {
            assertThatThrownBy(() -> SpawnBuilder.startPipeline(List.of(
                            new SpawnBuilder("cat"),
                            new SpawnBuilder("cat")
                                    .redirectOutput(
                                            Path.of("/no/such/directory").toFile()))))
                    .isInstanceOf(IOException.class);
        }
        leaks.assertClean();
    }

    @Test
    void foreignForkDoesNotHoldBackTheEndOfFile() throws Exception {
        SpawnBuilder slow = new SpawnBuilder("sh", "-c", "read line; echo \"$line\"");
        List<ChildProcess> children = SpawnBuilder.startPipeline(List.of(slow, new SpawnBuilder("cat")));
        int holder = TestTools.ok(TestTools.natives().forkAndHold(120));
        try {
            children.get(0).getOutputStream().write("word\n".getBytes(StandardCharsets.US_ASCII));
            children.get(0).getOutputStream().flush();
            CompletableFuture<String> all = CompletableFuture.supplyAsync(() -> {
                try {
                    return Recipe.text(children.get(1).getInputStream());
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(all.get(60, TimeUnit.SECONDS)).isEqualTo("word\n");
            assertThat(ProcFs.isRunning(holder)).isTrue();
        } finally {
            TestTools.ok(TestTools.natives().kill(holder, SIGKILL));
            await().until(() -> TestTools.natives().reap(holder) != -11);
        }
    }

    private static List<String> describe(List<? extends Process> processes) throws Exception {
        List<String> seen = new ArrayList<>();
        for (Process process : processes) {
            seen.add("exit " + process.waitFor() + " out " + Recipe.text(process.getInputStream()) + " err "
                    + Recipe.text(process.getErrorStream()));
        }
        return seen;
    }

    private static Object nullOutput() throws Exception {
        ChildProcess child = new SpawnBuilder("true")
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        child.waitFor();
        return child.getOutputStream();
    }
}
