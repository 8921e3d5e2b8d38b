// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.ChildProcess;
import io.spawn4j.Containment;
import io.spawn4j.KillReport;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.Cgroup2;
import io.spawn4j.linux.support.Command;
import io.spawn4j.linux.support.ForeignUser;
import io.spawn4j.linux.support.MarkedTree;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
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

    @Test
    void ordinaryUserHoldsATreeInIt() throws Exception {
        try (Cgroup2 cgroup = Cgroup2.create();
                ForeignUser user = ForeignUser.create()) {
            Path directory = cgroup.directory();
            Command.run("chown", user.name(), directory.toString(), directory + "/cgroup.procs")
                    .orThrow();
            NestedJvm jvm = NestedJvm.of(Parent.class)
                    .through("sh", "-c", "echo $$ > " + directory + "/cgroup.procs; exec \"$@\"", "sh");
            assertThat(user.runs(jvm).run().orThrow().lines().filter(line -> !line.contains("WARN")))
                    .containsExactly("below true, empty true");
            try (Stream<Path> left = Files.list(directory)) {
                assertThat(left.filter(Files::isDirectory)).isEmpty();
            }
        }
    }
}
