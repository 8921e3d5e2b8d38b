// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import java.io.File;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the tests run with, modules or not, as one class path: the report runs from one jar. */
final class ClassPath {
    static final String PROPERTY = "java.class.path";

    private ClassPath() {}

    static String all() {
        return Stream.of(System.getProperty("jdk.module.path", ""), System.getProperty(PROPERTY))
                .filter(path -> !path.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
