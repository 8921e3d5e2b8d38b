// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.result;

import io.spawn4j.jmh.contender.ProcStatus;
import io.spawn4j.jmh.contender.Trial;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
public final class Host {
    private static final int LINE_BYTES = 4096;
    private static final Path OS_RELEASE = Path.of("/etc/os-release");
    private static final Path VULNERABILITIES = Path.of("/sys/devices/system/cpu/vulnerabilities");

    private Host() {}

    public static Map<String, String> facts() throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("CPU", cpu() + ", " + Runtime.getRuntime().availableProcessors() + " usable by the JVM");
        facts.put("CPUs allowed", ProcStatus.own().find("Cpus_allowed_list").orElse("unknown"));
        facts.put("cgroup limits", cgroupLimits());
        facts.put(
                "pid_max, open files",
                line(Path.of("/proc/sys/kernel/pid_max")) + ", "
                        + field(Path.of("/proc/self/limits"), "Max open files"));
        facts.put("frequency governor", line(Path.of("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")));
        facts.put("memory", field(Path.of("/proc/meminfo"), "MemTotal"));
        facts.put("load before the run", line(Path.of("/proc/loadavg")));
        facts.put("kernel", line(Path.of("/proc/sys/kernel/osrelease")) + ", " + System.getProperty("os.arch"));
        facts.put("system", distribution() + ", " + libc());
        facts.put("mitigations", mitigations());
        facts.put("JDK", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        facts.put("spawn4j", version("io.spawn4j", "spawn-api"));
        facts.put("jnr-ffi, JMH", version("com.github.jnr", "jnr-ffi") + ", " + version("org.openjdk.jmh", "jmh-core"));
        return facts;
    }

    /** As getconf(1) tells it. */
    private static String libc() throws IOException {
        if (!Trial.isInstalled("getconf")) {
            return "libc unknown";
        }
        Process process = new ProcessBuilder("getconf", "GNU_LIBC_VERSION")
                .redirectErrorStream(true)
                .start();
        String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return version.startsWith("glibc") ? version : "libc unknown";
    }

    /** Those of the JVM's own cgroup: CPU, memory, processes; "none" where no controller limits them. */
    private static String cgroupLimits() throws IOException {
        Map<String, String> found = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
            String[] fields = line.split(":", 3);
            for (Path root : List.of(
                    Path.of("/sys/fs/cgroup"),
                    Path.of("/sys/fs/cgroup/unified"),
                    Path.of("/sys/fs/cgroup", fields[1].isEmpty() ? "unified" : fields[1]))) {
                for (String name :
                        List.of("cpu.max", "memory.max", "pids.max", "cpu.cfs_quota_us", "memory.limit_in_bytes")) {
                    Path file = Path.of(root + fields[2]).resolve(name);
                    if (Files.isReadable(file) && !isNoLimit(line(file))) {
                        found.put(name, line(file));
                    }
                }
            }
        }
        return found.isEmpty()
                ? "none"
                : found.entrySet().stream()
                        .map(limit -> limit.getKey() + " " + limit.getValue())
                        .collect(Collectors.joining(", "));
    }

    /** Version 2 says max; version 1 says -1, or the largest number of whole pages. */
    private static boolean isNoLimit(String value) {
        return value.startsWith("max") || value.equals("-1") || value.startsWith("92233720368547");
    }

    private static String cpu() throws IOException {
        Path cpuinfo = Path.of("/proc/cpuinfo");
        String model = field(cpuinfo, "model name");
        return model.equals("unknown") ? "CPU part " + field(cpuinfo, "CPU part") : model;
    }

    private static String distribution() throws IOException {
        if (!Files.exists(OS_RELEASE)) {
            return "unknown";
        }
        try (Stream<String> lines = Files.lines(OS_RELEASE)) {
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
        if (!Files.exists(file)) {
            return "unknown";
        }
        // In one read: behind the first byte some files below /proc/sys have nothing more to say.
        try (InputStream in = Files.newInputStream(file)) {
            byte[] text = new byte[LINE_BYTES];
            return new String(text, 0, Math.max(0, in.read(text)), StandardCharsets.UTF_8).strip();
        }
    }

    /** The value behind {@code name} where it first occurs. */
    private static String field(Path file, String name) throws IOException {
        Optional<String> found;
        try (Stream<String> lines = Files.lines(file)) {
            found = lines.filter(line -> line.startsWith(name)).findFirst();
        }
        return found.map(line -> line.substring(name.length())
                        .replaceFirst("^\\s*:", "")
                        .strip()
                        .replaceAll("\\s+", " "))
                .orElse("unknown");
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
