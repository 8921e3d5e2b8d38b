// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.spawn4j.Containment;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.SpawnStage;
import io.spawn4j.UnsupportedPolicyException;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.Cgroup2;
import io.spawn4j.linux.support.ForeignUser;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.NestedSuite;
import io.spawn4j.linux.support.ProcFs;
import io.spawn4j.linux.support.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The child is in the cgroup before its program runs, and the JVM is where it was. */
@Requires({Ability.NATIVE_ENGINE, Ability.CGROUP2})
class JoinCgroupTest {
    private String before;
    private LeakCheck leaks;

    @BeforeEach
    void lookAtTheJvm() throws Exception {
        assertThat(new SpawnBuilder("true")
                        .policy(SpawnPolicy.builder().noNewPrivileges().build())
                        .start()
                        .waitFor())
                .isZero();
        leaks = LeakCheck.begin();
        before = cgroups(ProcFs.self());
    }

    @AfterEach
    void jvmIsAsBefore() throws IOException {
        leaks.assertClean();
        assertThat(cgroups(ProcFs.self())).isEqualTo(before);
    }

    private static String cgroups(long pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/cgroup"));
    }

    private static SpawnBuilder joining(Path cgroup, String... command) {
        return new SpawnBuilder(command)
                .policy(SpawnPolicy.builder().joinCgroup(cgroup).build());
    }

    @Test
    void childAndWhatItStartsAreInTheCgroup() throws Exception {
        try (Cgroup2 cgroup = Cgroup2.create()) {
            Process child = joining(
                            cgroup.directory(), "sh", "-c", "cat /proc/self/cgroup; echo done; read line; exit 0")
                    .start();
            // The shell says it once it has waited for cat, which is no more in the cgroup then.
            List<String> lines = child.inputReader()
                    .lines()
                    .takeWhile(line -> !line.equals("done"))
                    .toList();
            assertThat(lines)
                    .filteredOn(line -> line.startsWith("0::"))
                    .singleElement()
                    .asString()
                    .endsWith("/" + cgroup.directory().getFileName());
            assertThat(Files.readAllLines(cgroup.directory().resolve("cgroup.procs")))
                    .containsExactly(Long.toString(child.pid()));
            child.getOutputStream().close();
            assertThat(child.waitFor()).isZero();
            await().until(() -> Files.readString(cgroup.directory().resolve("cgroup.events"))
                    .contains("populated 0"));
        }
    }

    @Test
    void whatIsNoCgroupIsRefusedBeforeAnythingStarts(@TempDir Path directory) throws IOException {
        SpawnException missing = failure(joining(directory.resolve("none"), "true"));
        assertThat(missing.stage()).isEqualTo(SpawnStage.CGROUP);
        assertThat(missing.errnoName()).isEqualTo("ENOENT");
        assertThat(missing).hasMessageContaining(directory + "/none/cgroup.procs");
        Path file = Files.createFile(directory.resolve("cgroup.procs"));
        SpawnException other = failure(joining(directory, "true"));
        assertThat(other.stage()).isEqualTo(SpawnStage.CGROUP);
        assertThat(other.errnoName()).isEqualTo("EINVAL");
        assertThat(other).hasMessageContaining("no cgroup");
        assertThat(file).isEmptyFile();
    }

    @Test
    void threadedOneIsRefused(@TempDir Path directory) {
        try (Cgroup2 cgroup = Cgroup2.create()) {
            Path ran = directory.resolve("ran");
            SpawnException refused = failure(joining(cgroup.threaded(), "touch", ran.toString()));
            assertThat(refused.stage()).isEqualTo(SpawnStage.CGROUP);
            assertThat(refused.errnoName()).isEqualTo("EOPNOTSUPP");
            assertThat(ran).doesNotExist();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Containment.class,
            names = {"NONE", "SUBREAPER"})
    @Requires({Ability.ROOT, Ability.PIDFDS})
    @Tag(NestedSuite.MAIN_ONLY) // it changes the cgroup above, which modes that run side by side share
    void busyOneIsRefusedByTheKernel(Containment containment, @TempDir Path directory) throws Exception {
        Path ran = directory.resolve("ran");
        try (Cgroup2 cgroup = Cgroup2.create();
                AutoCloseable passedOn = cgroup.passAControllerOn()) {
            SpawnException refused = failure(new SpawnBuilder("touch", ran.toString())
                    .policy(SpawnPolicy.builder()
                            .containment(containment)
                            .joinCgroup(cgroup.directory())
                            .build()));
            assertThat(refused.stage()).isEqualTo(SpawnStage.CGROUP);
            assertThat(refused.errnoName()).isEqualTo("EBUSY");
            assertThat(passedOn).isNotNull();
        }
        assertThat(ran).doesNotExist();
    }

    /** Tries to join the cgroup of its argument. */
    public static final class Outsider {
        private Outsider() {}

        /** Runs it. */
        public static void main(String[] arguments) throws Exception {
            UnsupportedPolicyException refused = catchThrowableOfType(
                    UnsupportedPolicyException.class,
                    () -> joining(Path.of(arguments[0]), "true").start());
            System.out.println(List.of(refused.setting(), refused.stage(), refused.errnoName()));
        }
    }

    @Test
    @Requires(Ability.ROOT)
    void ordinaryUserIsRefusedByName() {
        try (Cgroup2 cgroup = Cgroup2.create();
                ForeignUser user = ForeignUser.create()) {
            assertThat(user.runs(NestedJvm.of(Outsider.class, cgroup.directory().toString()))
                            .run()
                            .orThrow())
                    .endsWith("[joinCgroup, cgroup, EACCES]\n");
        }
    }

    private static SpawnException failure(SpawnBuilder builder) {
        SpawnException failure = catchThrowableOfType(SpawnException.class, builder::start);
        assertThat(failure).isNotNull();
        return failure;
    }
}
