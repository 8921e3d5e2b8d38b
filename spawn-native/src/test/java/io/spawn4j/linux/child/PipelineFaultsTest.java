// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.ExitStatus;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnStage;
import io.spawn4j.linux.support.FaultInjection;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.TestTools;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pipeline whose glue fails: the step has its name, and the children that ran already are gone. */
class PipelineFaultsTest {
    /** F_SETFL without O_NONBLOCK: what makes one child's stdout the next one's stdin. */
    private static final String TO_BLOCKING = "fcntl@1=4@2=0=EIO";

    private LeakCheck leaks;

    @BeforeEach
    void pipelinesWork() throws Exception {
        List<ChildProcess> children = SpawnBuilder.startPipeline(
                List.of(new SpawnBuilder("echo", "x"), new SpawnBuilder("cat"), new SpawnBuilder("cat")));
        assertThat(Recipe.text(children.get(2).getInputStream())).isEqualTo("x\n");
        for (ChildProcess child : children) {
            assertThat(child.exitStatus()).isEqualTo(new ExitStatus.Exited(0));
        }
        leaks = LeakCheck.begin();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void stdinThatCannotBeMadeBlockingEndsThePipeline(int passed) throws Exception {
        List<SpawnBuilder> builders = List.of(
                new SpawnBuilder("sleep", "300"), new SpawnBuilder("sleep", "301"), new SpawnBuilder("sleep", "302"));
        int caller = TestTools.natives().threadHere();
        try (FaultInjection injection =
                FaultInjection.after(caller, TO_BLOCKING, passed, 1, FaultInjection.Whose.OWN)) {
            SpawnException failure =
                    catchThrowableOfType(SpawnException.class, () -> SpawnBuilder.startPipeline(builders));
            assertThat(failure).as("the failure").isNotNull();
            assertThat(failure.stage()).isEqualTo(SpawnStage.PIPE);
            assertThat(failure.errnoName()).isEqualTo("EIO");
            assertThat(failure).hasMessageStartingWith("Cannot run program \"sleep\": error=5, ");
            await().until(() -> injection.injected() == 1);
        }
        leaks.assertClean();
        pipelinesWork();
    }
}
