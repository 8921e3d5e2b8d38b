// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.Containment;
import io.spawn4j.KillReport;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.Cgroup2;
import io.spawn4j.linux.support.Command;
import io.spawn4j.linux.support.ForeignUser;
import io.spawn4j.linux.support.MarkedTree;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.Requires;
import io.spawn4j.linux.support.TestTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An ordinary user's JVM in a cgroup that was delegated to him, as systemd does it for its user services. */
@Requires({Ability.FIRST_JDK, Ability.NATIVE_ENGINE, Ability.ROOT, Ability.CGROUP2, Ability.PIDFDS})
class DelegatedCgroupTest {
    /** Holds a tree in a cgroup, looks where it is, and ends it. */
    public static final class Parent {
        private Parent() {}

        /** Runs it. */
        public static void main(String[] unused) throws Exception {
            MarkedTree tree = MarkedTree.fresh();
            ChildProcess child = tree.builder()
                    .policy(SpawnPolicy.builder()
                            .containment(Containment.CGROUP)
                            .build())
                    .start();
            child.inputReader().readLine();
            String own = cgroup("self");
            String its = cgroup(Long.toString(child.pid()));
            KillReport report = child.killTree(Duration.ZERO);
            String leaf = own + "/spawn4j-" + ProcessHandle.current().pid() + "-";
            System.out.println("below " + its.startsWith(leaf) + ", empty " + report.empty());
        }

        private static String cgroup(String pid) throws IOException {
            return Files.readAllLines(Path.of("/proc/" + pid + "/cgroup")).stream()
                    .filter(line -> line.startsWith("0::"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Holds a tree whose program moves itself to the cgroup of its argument, and ends it. */
    public static final class ParentOfARunaway {
        private ParentOfARunaway() {}

        /** Arguments: the cgroup, the mark of the tree. */
        public static void main(String[] arguments) throws Exception {
            ChildProcess child = new MarkedTree(arguments[1])
                    .mark(new SpawnBuilder(
                            "sh",
                            "-c",
                            "sleep 1000 & echo $$ > " + arguments[0] + "/cgroup.procs; "
                                    + "grep ^0:: /proc/self/cgroup; sleep 1000 & wait"))
                    .policy(SpawnPolicy.builder()
                            .containment(Containment.CGROUP)
                            .build())
                    .start();
            System.out.println(child.inputReader().readLine() + " "
                    + child.killTree(Duration.ZERO).empty());
        }
    }

    private final MarkedTree tree = MarkedTree.fresh();

    @AfterEach
    void nothingOfTheTreeIsLeft() {
        await().untilAsserted(() -> assertThat(tree.all()).isEmpty());
    }

    /** The JVM's words, in a cgroup that is the user's. */
    private static List<String> inItsCgroup(ForeignUser user, Path cgroup, NestedJvm jvm) {
        Command.run("chown", user.name(), cgroup.toString(), cgroup + "/cgroup.procs")
                .orThrow();
        String said = user.runs(jvm.through("sh", "-c", "echo $$ > " + cgroup + "/cgroup.procs; exec \"$@\"", "sh"))
                .run()
                .orThrow();
        return said.lines().filter(line -> !line.contains("WARN")).toList();
    }

    private static void assertNoCgroupIn(Path directory) throws IOException {
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.filter(Files::isDirectory)).isEmpty();
        }
    }

    @Test
    void ordinaryUserHoldsATreeInIt() throws Exception {
        try (Cgroup2 cgroup = Cgroup2.create();
                ForeignUser user = ForeignUser.create()) {
            assertThat(inItsCgroup(user, cgroup.directory(), NestedJvm.of(Parent.class)))
                    .containsExactly("below true, empty true");
            assertNoCgroupIn(cgroup.directory());
        }
    }

    @Test
    void setUserIdDescendantDies() throws Exception {
        Path file = Files.copy(
                Path.of(TestTools.path("become")), Path.of("/usr/local/bin/spawn4j-become-" + ProcFs.self()));
        try (Cgroup2 cgroup = Cgroup2.create();
                ForeignUser user = ForeignUser.create()) {
            Command.run("chmod", "4755", file.toString()).orThrow();
            NestedJvm jvm = NestedJvm.of(
                    HostileTreeTest.OrdinaryParent.class, Containment.CGROUP.name(), tree.mark(), file.toString());
            assertThat(inItsCgroup(user, cgroup.directory(), jvm)).containsExactly("ready true []");
            assertNoCgroupIn(cgroup.directory());
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void descendantThatMovesToAnotherCgroupIsHeldAsADescendant() throws Exception {
        try (Cgroup2 cgroup = Cgroup2.create();
                ForeignUser user = ForeignUser.create()) {
            Path other = Files.createDirectory(cgroup.directory().resolve("other"));
            Command.run("chown", user.name(), other + "/cgroup.procs").orThrow();
            NestedJvm jvm = NestedJvm.of(ParentOfARunaway.class, other.toString(), tree.mark());
            assertThat(inItsCgroup(user, cgroup.directory(), jvm))
                    .singleElement()
                    .asString()
                    .endsWith("/other true");
            Files.delete(other);
            assertNoCgroupIn(cgroup.directory());
        }
    }
}
