// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.result;

import io.spawn4j.jmh.contender.NativeFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;

/**
 * A directory of a run's own: {@code README.md} with the pictures beside it, {@code jmh.json} with JMH's own results,
 * {@code ratios.txt} for later comparisons.
 */
public final class ResultFolder {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd-HHmmss", Locale.ROOT);

    /** In place of the name of a directory that ends with the run. */
    private static final String TEMPORARY = "TEMPORARY";

    private final Path directory;

    private ResultFolder(Path directory) {
        this.directory = directory;
    }

    /** Creates {@code parent/DATE-TIME-length}, and what is missing of the parent. */
    public static ResultFolder create(Path parent, LocalDateTime now, String length) throws IOException {
        Files.createDirectories(parent);
        return new ResultFolder(Files.createDirectory(parent.resolve(TIME.format(now) + "-" + length)));
    }

    public Path directory() {
        return directory;
    }

    /** Writes what there is so far, in place of what was there. */
    public void write(Facts facts, Measurements measurements, Collection<RunResult> raw) throws IOException {
        writeJson(raw);
        Files.writeString(
                directory.resolve("ratios.txt"), Ratios.of(measurements).text());
        Files.writeString(directory.resolve("README.md"), new MarkdownReport(facts, measurements).render());
    }

    /** Draws the pictures that the report refers to. */
    public void draw(Measurements measurements) throws IOException {
        Pictures.write(directory, measurements);
    }

    /**
     * JMH names each JVM's executable and options; those of ours lie in a temporary directory, which tells nobody
     * anything later.
     */
    private void writeJson(Collection<RunResult> raw) throws IOException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(json, false, StandardCharsets.UTF_8)) {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(raw);
        }
        Files.writeString(
                directory.resolve("jmh.json"),
                json.toString(StandardCharsets.UTF_8)
                        .replace(NativeFiles.directory().toString(), TEMPORARY));
    }
}
