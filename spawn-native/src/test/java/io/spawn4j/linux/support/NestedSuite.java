// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * The main class that runs the suite in a JVM of its own: all test classes of package io.spawn4j.linux and those below
 * but those tagged {@code main-only}, or only the classes that its arguments name.
 *
 * <p>It prints each failure with its trace, each skip and each excuse with its reason, and one line {@code tests
 * found=N succeeded=N failed=N skipped=N excused=N}. Exit code 0: all green, nothing skipped; 1: not so.
 */
public final class NestedSuite {
    /** The tag of tests that the nested modes leave out. */
    public static final String MAIN_ONLY = "main-only";

    private static final String SUITE = "io.spawn4j.linux";

    /** In whichever room, but not those of the tests' own tools. */
    private static final String TESTS = "io\\.spawn4j\\.linux\\.(?!support\\.)([a-z]+\\.)?[A-Z].*Test(\\$.*)?";

    /** Fewer are not the whole suite. */
    private static final int LEAST_TESTS = 300;

    private NestedSuite() {}

    /** Runs the suite. */
    public static void main(String[] classes) {
        Scale.nest();
        SuiteReport report = new SuiteReport(System.out);
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectors(classes))
                .filters(includeClassNamePatterns(classes.length == 0 ? TESTS : ".*"), TagFilter.excludeTags(MAIN_ONLY))
                .build();
        LauncherFactory.create().execute(request, report);
        boolean green = report.summarize() && (classes.length > 0 || report.found() >= LEAST_TESTS);
        System.out.flush();
        // Tests may leave threads behind that are not daemons.
        System.exit(green ? 0 : 1);
    }

    private static List<DiscoverySelector> selectors(String[] classes) {
        return classes.length == 0
                ? List.of(selectPackage(SUITE))
                : Stream.of(classes)
                        .map(name -> (DiscoverySelector) selectClass(name))
                        .toList();
    }
}
