// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import java.io.PrintStream;
import java.util.Optional;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Tells of a run of tests as it goes, and counts. A test whose assumption failed counts as skipped. */
final class SuiteReport implements TestExecutionListener {
    private final PrintStream out;
    private TestPlan plan;
    private long found;
    private long succeeded;
    private long failed;
    private long skipped;
    private long excused;

    SuiteReport(PrintStream out) {
        this.out = out;
    }

    @Override
    public synchronized void testPlanExecutionStarted(TestPlan testPlan) {
        plan = testPlan;
    }

    @Override
    public synchronized void executionStarted(TestIdentifier test) {
        if (test.isContainer() && test.getParentId().isPresent()) {
            out.println("in " + name(test));
        }
    }

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
        // A container that fails took tests with it that are never reported.
        if (passed && !test.isTest()) {
            return;
        }
        found++;
        switch (result.getStatus()) {
            case SUCCESSFUL -> succeeded++;
            case ABORTED -> {
                skipped++;
                out.println("SKIPPED " + name(test) + ": "
                        + result.getThrowable().map(Throwable::getMessage).orElse("no reason"));
            }
            case FAILED -> {
                failed++;
                out.println("FAILED " + name(test));
                result.getThrowable().ifPresent(cause -> cause.printStackTrace(out));
            }
        }
    }

    @Override
    public synchronized void executionSkipped(TestIdentifier test, String reason) {
        long tests = test.isTest()
                ? 1
                : Math.max(
                        1,
                        plan.getDescendants(test).stream()
                                .filter(TestIdentifier::isTest)
                                .count());
        boolean excuse = reason.startsWith(Requires.EXCUSE);
        found += tests;
        if (excuse) {
            excused += tests;
        } else {
            skipped += tests;
        }
        out.println((excuse ? "EXCUSED " : "SKIPPED ") + name(test) + ": " + reason);
    }

    /** Prints the summary; whether all is green. */
    synchronized boolean summarize() {
        out.printf(
                "tests found=%d succeeded=%d failed=%d skipped=%d excused=%d%n",
                found, succeeded, failed, skipped, excused);
        return succeeded > 0 && failed == 0 && skipped == 0;
    }

    synchronized long found() {
        return found;
    }

    private String name(TestIdentifier test) {
        Optional<TestIdentifier> parent =
                plan.getParent(test).filter(container -> container.getParentId().isPresent());
        return parent.map(container -> name(container) + " / ").orElse("") + test.getDisplayName();
    }
}
