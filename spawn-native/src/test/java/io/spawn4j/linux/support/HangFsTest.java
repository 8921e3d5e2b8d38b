// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The file system hangs where it should, and lets go. */
@Requires(Ability.MOUNT)
class HangFsTest {
    @Test
    void execHangsUntilReleased() {
        try (HangFs files = HangFs.mount();
                ToolProcess shell = stuck("\"$0\"", files, "exec")) {
            assertThat(files.awaitHeld("READ", "exec", 1)).isPositive();
            files.release();
            shell.awaitLine("ended 7");
        }
    }

    @Test
    void openHangsUntilFailed() {
        try (HangFs files = HangFs.mount();
                ToolProcess shell = stuck("cat <\"$0\"", files, "stuck")) {
            files.awaitHeld("OPEN", "stuck", 1);
            files.fail();
            shell.awaitLine(".*Input/output error");
        }
    }

    @Test
    void changingIntoTheDirectoryHangs() {
        try (HangFs files = HangFs.mount();
                ToolProcess shell = stuck("cd \"$0\"", files, "cwd")) {
            files.awaitHeld("ACCESS", "cwd", 1);
            files.release();
            shell.awaitLine("ended 0");
        }
    }

    @Test
    void closingWhatWasWrittenHangsUntilTheServerEnds() {
        HangFs files = HangFs.mount();
        try (ToolProcess shell = stuck("echo text >\"$0\"", files, "data")) {
            files.awaitHeld("FLUSH", "data", 1);
            files.close();
            shell.awaitLine("ended \\d+");
        }
    }

    @Test
    void otherFilesAnswerMeanwhile() {
        try (HangFs files = HangFs.mount();
                ToolProcess shell = stuck("test -e \"$0\"", files, "lost")) {
            files.awaitHeld("LOOKUP", "lost", 1);
            assertThat(Command.run(files.file("fine").toString()).exitCode()).isEqualTo(9);
            files.release();
            shell.awaitLine("ended 0");
        }
    }

    private static ToolProcess stuck(String script, HangFs files, String file) {
        return ToolProcess.start(
                List.of("sh", "-c", script + "; echo ended $?", files.file(file).toString()));
    }
}
