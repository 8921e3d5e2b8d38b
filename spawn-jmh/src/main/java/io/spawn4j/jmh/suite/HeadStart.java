// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.suite;

import java.nio.file.Path;
import java.util.List;

/** What a JVM has before its first request. */
public enum HeadStart {
    /** What every JVM has. */
    NONE("plain", "", 0),
    /** An archive of the classes that an earlier JVM loaded for the same (AppCDS). */
    APP_CDS("cds", ", AppCDS", 13),
    /** A cache of what an earlier JVM loaded, linked and learned for the same (JEP 483, 514 and 515). */
    AOT_CACHE("aot", ", AOT cache", 25),
    /** A spawn4j that was told beforehand. */
    PREPARED("prepared", ", prepared", 0);

    static final String PARAMETER = "headStart";

    private final String id;
    private final String label;
    private final int sinceJdk;

    HeadStart(String id, String label, int sinceJdk) {
        this.id = id;
        this.label = label;
        this.sinceJdk = sinceJdk;
    }

    /** That of a scenario of {@link Method#FRESH}. */
    public static HeadStart of(Scenario scenario) {
        return valueOf(scenario.parameter(PARAMETER));
    }

    /** A part of a scenario's id. */
    String id() {
        return id;
    }

    /** The same in words, behind others; empty for {@link #NONE}. */
    String label() {
        return label;
    }

    boolean exists(int jdk) {
        return jdk >= sinceJdk;
    }

    /** Whether an earlier JVM has to write a file for it. */
    public boolean isFile() {
        return this == APP_CDS || this == AOT_CACHE;
    }

    /** The option of the JVM that writes the file when it ends. */
    public List<String> writing(Path file) {
        return switch (this) {
            case APP_CDS -> List.of("-XX:ArchiveClassesAtExit=" + file);
            case AOT_CACHE -> List.of("-XX:AOTCacheOutput=" + file);
            case NONE, PREPARED -> throw new UnsupportedOperationException(this + " is no file");
        };
    }

    /**
     * The options of a JVM that reads it, and that ends with an error where it cannot: its default is to go without.
     */
    public List<String> reading(Path file) {
        return switch (this) {
            case APP_CDS -> List.of("-XX:SharedArchiveFile=" + file, "-Xshare:on");
            case AOT_CACHE -> List.of("-XX:AOTCache=" + file, "-XX:AOTMode=on");
            case NONE, PREPARED -> throw new UnsupportedOperationException(this + " is no file");
        };
    }
}
