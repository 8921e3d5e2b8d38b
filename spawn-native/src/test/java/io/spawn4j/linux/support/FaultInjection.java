// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

/**
 * A system call of one running thread, and of the processes it clones until their exec, that fails a few times.
 *
 * <p>A rule is {@code NAME[@ARG[&MASK]=VALUE]...=ERRNO}, as rule.h says: {@code pipe2=EMFILE}.
 */
public final class FaultInjection extends ToolProcess {
    private FaultInjection(long thread, String rule, int times, int skip) {
        super(TestTools.command(
                "inject", Long.toString(thread), rule, Integer.toString(times), Integer.toString(skip)));
    }

    /** The next call that matches fails. Returns when that is in force. */
    public static FaultInjection once(long thread, String rule) {
        return after(thread, rule, 0, 1);
    }

    /** Every call that matches fails until {@link #close()}. */
    public static FaultInjection always(long thread, String rule) {
        return after(thread, rule, 0, 0);
    }

    /** Lets {@code skip} matching calls pass and makes {@code times} fail (0: all). */
    public static FaultInjection after(long thread, String rule, int skip, int times) {
        TestTools.ok(TestTools.natives().allowPtrace());
        FaultInjection injection = new FaultInjection(thread, rule, times, skip);
        injection.awaitLine("attached");
        return injection;
    }

    /** How many calls have failed so far. */
    public long injected() {
        return lines().stream().filter(line -> line.startsWith("injected ")).count();
    }
}
