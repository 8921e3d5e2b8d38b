// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What no policy may change of this JVM and of its threads, as the kernel tells it. */
public final class JvmAttributes {
    private JvmAttributes() {}

    /** By name; those of threads are the different ones among them all. */
    public static Map<String, String> now() throws IOException {
        Map<String, String> attributes = new TreeMap<>();
        attributes.put("oom", Files.readString(Path.of("/proc/self/oom_score_adj")));
        attributes.put("cgroup", Files.readString(Path.of("/proc/self/cgroup")));
        attributes.put("limits", Files.readString(Path.of("/proc/self/limits")));
        attributes.put("dumpable", Files.getOwner(Path.of("/proc/self/mem")).getName());
        attributes.put("subreaper", Boolean.toString(TestTools.natives().isSubreaper() == 1));
        Set<String> credentials =
                ProcFs.threads().keySet().stream().map(JvmAttributes::ofThread).collect(Collectors.toSet());
        attributes.put("threads", credentials.toString());
        return attributes;
    }

    private static String ofThread(int thread) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/task/" + thread + "/status"))) {
            return lines.filter(line ->
                            line.matches("(Uid|Gid|Groups|Cap...|NoNewPrivs|Seccomp|Cpus_allowed_list|NSpid):.*"))
                    .map(line -> line.startsWith("NSpid") ? "NSpid levels " + line.split("\\s+").length : line)
                    .collect(Collectors.joining(","));
        } catch (IOException | UncheckedIOException ended) {
            return ofThread((int) ProcFs.self());
        }
    }
}
