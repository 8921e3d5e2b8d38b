// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.Scale;
import io.spawn4j.linux.support.TestTools;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A thread that asks again and again what there is to read does not keep the end of the child from its stream. */
class AvailableAtTheEndTest {
    @Test
    void askingWhatIsAvailableWhileTheChildEndsLeavesNoDescriptorOpen() throws Exception {
        new SpawnBuilder(TestTools.command("tiny", "3")).start().waitFor();
        LeakCheck leaks = LeakCheck.begin();
        // Kept: the garbage collector would close them.
        List<ChildProcess> children = new ArrayList<>();
        for (int i = 0; i < Scale.of(300); i++) {
            ChildProcess child = new SpawnBuilder(TestTools.command("tiny", "3")).start();
            children.add(child);
            InputStream stdout = child.getInputStream();
            child.onExit();
            while (child.isAlive()) {
                stdout.available();
            }
        }
        leaks.assertClean();
        assertThat(children).allMatch(child -> child.exitValue() == 3);
    }
}
