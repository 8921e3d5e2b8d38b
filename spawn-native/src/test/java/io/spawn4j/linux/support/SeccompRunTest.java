// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The filter answers as asked. */
class SeccompRunTest {
    private static final int SIGSYS = 31;
    private static final int EMFILE = 24;

    @Test
    void exitCodeIsTheCommands() {
        assertThat(filtered(List.of("--fail", "setsid=EPERM"), TestTools.command("tiny", "42"))
                        .exitCode())
                .isEqualTo(42);
    }

    @Test
    void childIsFiltered() {
        assertThat(filtered(List.of("--profile", "container"), TestTools.command("sigstate"))
                        .orThrow())
                .contains("Seccomp=2\n");
    }

    @Test
    void killEndsTheProcess() {
        assertThat(filtered(List.of("--kill", "umask"), TestTools.command("sigstate"))
                        .exitCode())
                .isEqualTo(128 + SIGSYS);
    }

    @Test
    void killSparesWhatItDoesNotName() {
        assertThat(filtered(List.of("--kill", "umask"), TestTools.command("tiny", "3"))
                        .exitCode())
                .isEqualTo(3);
    }

    @Test
    void anEarlierRuleOverridesAProfile() {
        List<String> options = List.of("--fail", "unshare=ENOMEM", "--profile", "container");
        assertThat(filtered(options, List.of("unshare", "-m", "true")).output()).contains("Cannot allocate memory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"container", "old-container"})
    void profileRefusesNamespaces(String profile) {
        Command command = filtered(List.of("--profile", profile), List.of("unshare", "-m", "true"));
        assertThat(command.exitCode()).isEqualTo(1);
        assertThat(command.output()).contains("Operation not permitted");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"pipe2", "pipe2=0", "pipe2=4096", "nosuchcall=EIO", "pipe2@6=0=EIO", "pipe2@0=EIO", "pipe2=EIOX"
            })
    void badRuleIsRefused(String rule) {
        assertThat(filtered(List.of("--fail", rule), List.of("true")).exitCode())
                .isEqualTo(125);
    }

    @Test
    void oneThreadIsFilteredAndNoOther() throws InterruptedException {
        AtomicInteger inside = new AtomicInteger();
        Thread thread = new Thread(() -> {
            TestTools.ok(TestTools.natives().seccompThisThread("dup3=EBUSY fcntl@1=0=EMFILE"));
            inside.set(TestTools.natives().dupAbove(0, 100));
        });
        thread.start();
        thread.join();
        assertThat(inside).hasValue(-EMFILE);
        int copy = TestTools.ok(TestTools.natives().dupAbove(0, 100));
        assertThat(copy).isGreaterThanOrEqualTo(100);
        TestTools.ok(TestTools.natives().close(copy));
    }

    @Test
    void argumentsAreMatchedWithTheirMask() throws InterruptedException {
        AtomicInteger other = new AtomicInteger();
        AtomicInteger masked = new AtomicInteger();
        Thread thread = new Thread(() -> {
            TestTools.ok(TestTools.natives().seccompThisThread("fcntl@1=0@2&0xf0=0x60=EMFILE"));
            other.set(TestTools.natives().dupAbove(0, 0x1170));
            masked.set(TestTools.natives().dupAbove(0, 0x1165));
        });
        thread.start();
        thread.join();
        assertThat(masked).hasValue(-EMFILE);
        assertThat(other.get()).isGreaterThanOrEqualTo(0x1170);
        TestTools.ok(TestTools.natives().close(other.get()));
    }

    private static Command filtered(List<String> options, List<String> command) {
        List<String> line = new ArrayList<>(TestTools.command("seccomp-run"));
        line.addAll(options);
        line.add("--");
        line.addAll(command);
        return Command.run(line);
    }
}
