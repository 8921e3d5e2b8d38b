// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the figures depend on besides the code: machine, kernel and versions, as rows of a table. */
final class Host {
    private static final Path VULNERABILITIES = Path.of("/sys/devices/system/cpu/vulnerabilities");

    private Host() {}

    static Map<String, String> facts() throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("CPU", cpu() + ", " + Runtime.getRuntime().availableProcessors() + " usable by the JVM");
        facts.put("CPUs allowed", field(Path.of("/proc/self/status"), "Cpus_allowed_list"));
        facts.put("frequency governor", line(Path.of("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")));
        facts.put("memory", field(Path.of("/proc/meminfo"), "MemTotal"));
        facts.put("load before the run", line(Path.of("/proc/loadavg")));
        facts.put("kernel", line(Path.of("/proc/sys/kernel/osrelease")) + ", " + System.getProperty("os.arch"));
        facts.put("system", distribution());
        facts.put("mitigations", mitigations());
        facts.put("JDK", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        facts.put("spawn4j", version("io.spawn4j", "spawn-api"));
        facts.put("jnr-ffi, JMH", version("com.github.jnr", "jnr-ffi") + ", " + version("org.openjdk.jmh", "jmh-core"));
        return facts;
    }

    private static String cpu() throws IOException {
        Path cpuinfo = Path.of("/proc/cpuinfo");
        String model = field(cpuinfo, "model name");
        return model.equals("unknown") ? "CPU part " + field(cpuinfo, "CPU part") : model;
    }

    private static String distribution() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/etc/os-release"))) {
            return lines.filter(line -> line.startsWith("PRETTY_NAME="))
                    .map(line -> line.substring("PRETTY_NAME=".length()).replace("\"", ""))
                    .findFirst()
                    .orElse("unknown");
        }
    }

    private static String mitigations() throws IOException {
        if (!Files.isDirectory(VULNERABILITIES)) {
            return "unknown";
        }
        List<Path> files;
        try (Stream<Path> listing = Files.list(VULNERABILITIES)) {
            files = listing.sorted().toList();
        }
        Map<String, String> affected = new LinkedHashMap<>();
        for (Path file : files) {
            String state = line(file);
            if (!state.equals("Not affected")) {
                affected.put(String.valueOf(file.getFileName()), state);
            }
        }
        return affected.isEmpty()
                ? "none needed"
                : affected.entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + entry.getValue())
                        .collect(Collectors.joining("; "));
    }

    private static String line(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file).strip() : "unknown";
    }

    /** The value behind {@code name:} where it first occurs. */
    private static String field(Path file, String name) throws IOException {
        Optional<String> found;
        try (Stream<String> lines = Files.lines(file)) {
            found = lines.filter(line -> line.startsWith(name)).findFirst();
        }
        return found.map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse("unknown");
    }

    private static String version(String group, String artifact) throws IOException {
        String resource = "/META-INF/maven/" + group + "/" + artifact + "/pom.properties";
        try (InputStream in = Host.class.getResourceAsStream(resource)) {
            if (in == null) {
                return "unknown";
            }
            Properties pom = new Properties();
            pom.load(in);
            return pom.getProperty("version", "unknown");
        }
    }
}
