// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The small programs that tests start say what is so. */
class ChildProgramsTest {
    private static final int SIGUSR1 = 10;
    private static final int SIGTERM = 15;

    @Test
    void fdlistNamesEveryDescriptor() {
        assertThat(Command.run("sh", "-c", "exec 7</dev/zero; exec \"$0\"", TestTools.path("fdlist"))
                        .orThrow())
                .contains("0 -> /dev/null flags 0100000 cloexec 0\n")
                .contains("\n7 -> /dev/zero flags 0100000 cloexec 0\n");
    }

    @Test
    void sigrunSetsMaskAndDispositions() {
        List<String> command = TestTools.command(
                "sigrun",
                "--ignore",
                "HUP,CHLD,PIPE",
                "--block",
                "TERM,USR1,CHLD,RTMIN+3",
                "--",
                TestTools.path("sigstate"));
        assertThat(Command.run(command).orThrow())
                .contains("SigBlk=0000001000014200\n")
                .contains("SigIgn=0000000000011001\n");
    }

    @Test
    void sigstateTellsItsUmaskAndLimits() {
        assertThat(Command.run("sh", "-c", "umask 027; ulimit -c 0; exec \"$0\"", TestTools.path("sigstate"))
                        .orThrow())
                .contains("umask=0027\n")
                .contains("CORE=0:")
                .contains("ppid=" + ProcFs.self() + "\n");
    }

    @Test
    void argdumpPrintsRawBytes() {
        assertThat(Command.run(
                                "sh",
                                "-c",
                                "A=$(printf '\\377') exec \"$0\" x \"$(printf '\\200')\"",
                                TestTools.path("argdump"))
                        .orThrow())
                .contains("argc 3\n")
                .contains("arg 1 78\narg 2 80\n")
                .containsPattern("env \\d+ 413dff\n");
    }

    @Test
    void forktreeLeavesAGrandchildThatWritesLate() {
        // Through a shell and its pipe: the JDK's Process would drop what comes after its child's end (F22).
        String script = "{ \"$0\" 30; echo ended $? >&2; } | cat";
        try (ToolProcess shell = ToolProcess.start(List.of("sh", "-c", script, TestTools.path("forktree")))) {
            int grandchild = Integer.parseInt(
                    shell.awaitLine("parent \\d+ grandchild (\\d+)").group(1));
            shell.awaitLine("ended 5");
            assertThat(ProcFs.isRunning(grandchild)).isTrue();
            TestTools.ok(TestTools.natives().kill(grandchild, SIGUSR1));
            shell.awaitLine("late " + grandchild);
            TestTools.ok(TestTools.natives().kill(grandchild, SIGTERM));
            await().until(() -> !ProcFs.isRunning(grandchild));
        }
    }

    @Test
    void zombieleaderIsAZombieWithALiveThread() {
        try (ToolProcess leader = ToolProcess.start(TestTools.command("zombieleader"))) {
            leader.awaitLine("zombie " + leader.pid());
            assertThat(ProcFs.state(leader.pid())).contains('Z');
            assertThat(ProcFs.threads(leader.pid())).hasSize(2);
            assertThat(leader.finish()).isEqualTo(7);
        }
    }
}
