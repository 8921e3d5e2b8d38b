// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import java.util.Locale;

/**
 * A system call of one running thread, and of the processes it clones until their exec, that fails a few times.
 *
 * <p>A rule is {@code NAME[@ARG[&MASK]=VALUE]...=ERRNO}, as rule.h says: {@code pipe2=EMFILE}.
 */
public final class FaultInjection extends ToolProcess {
    /** Whose calls count: anybody's, the thread's own, or those of the processes that it clones. */
    public enum Whose {
        ANY,
        OWN,
        CLONED
    }

    private FaultInjection(long thread, String rule, int times, int skip, Whose whose) {
        super(TestTools.command(
                "inject",
                Long.toString(thread),
                rule,
                Integer.toString(times),
                Integer.toString(skip),
                whose.name().toLowerCase(Locale.ROOT)));
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
        return after(thread, rule, skip, times, Whose.ANY);
    }

    /** The same for some of the callers only. */
    public static FaultInjection after(long thread, String rule, int skip, int times, Whose whose) {
        TestTools.ok(TestTools.natives().allowPtrace());
        FaultInjection injection = new FaultInjection(thread, rule, times, skip, whose);
        injection.awaitLine("attached");
        return injection;
    }

    /** Lets everything go, and says how many calls have failed in all. */
    public long injectedInAll() {
        finish();
        awaitAllLines();
        return injected();
    }

    /** How many calls have failed so far, as far as the tool has been heard. */
    public long injected() {
        return lines().stream().filter(line -> line.startsWith("injected ")).count();
    }
}
