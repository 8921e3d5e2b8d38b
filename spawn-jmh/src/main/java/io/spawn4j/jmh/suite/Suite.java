// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.suite;

import static io.spawn4j.jmh.contender.Contender.C_CLONE3;
import static io.spawn4j.jmh.contender.Contender.C_POSIX_SPAWN;
import static io.spawn4j.jmh.contender.Contender.C_VFORK;
import static io.spawn4j.jmh.contender.Contender.NUPROCESS;
import static io.spawn4j.jmh.contender.Contender.PROCESS_BUILDER;
import static io.spawn4j.jmh.contender.Contender.PROCESS_BUILDER_FORK;
import static io.spawn4j.jmh.contender.Contender.PROCESS_BUILDER_VFORK;
import static io.spawn4j.jmh.contender.Contender.SPAWN4J_CLONE;
import static io.spawn4j.jmh.contender.Contender.SPAWN4J_CLONE3;
import static io.spawn4j.jmh.contender.Contender.SPAWN4J_POSIX_SPAWN;

import io.spawn4j.jmh.benchmark.Figure;
import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.contender.Program;
import io.spawn4j.jmh.contender.Streams;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Scenarios that belong together: they answer one question, in one section of the report. */
@SuppressWarnings("ImmutableEnumChecker") // List.of's lists do not change
public enum Suite {
    /** Starting a program and waiting for it, on all CPUs. */
    RATES("Spawn and wait", Shape.BARS, C_POSIX_SPAWN, PROCESS_BUILDER, rateFigures()) {
        @Override
        public List<Scenario> scenarios(Length length) {
            List<Scenario> all = new ArrayList<>();
            for (Program program : List.of(Program.TINY, Program.TRUE)) {
                for (int callers : new int[] {1, 4}) {
                    boolean everybody =
                            (program == Program.TINY) == (callers == 1) && (length != Length.QUICK || callers == 1);
                    all.add(spawn(program, Streams.PIPES, callers)
                            .among(MAIN)
                            .andOnce(everybody ? OTHERS : List.of())
                            .inRounds(length.choose(1, 1, ROUNDS_FOR_AN_INTERVAL)));
                }
            }
            return all.subList(0, length.choose(1, 3, all.size()));
        }

        @Override
        public Timing timing(Length length, Scenario scenario) {
            return length == Length.FULL ? Timing.of(6000, 2000) : super.timing(length, scenario);
        }
    },
    /** The same on one CPU: the work, without wake-ups across CPUs. */
    ONE_CPU("Spawn and wait, on one CPU", Shape.BARS, C_POSIX_SPAWN, PROCESS_BUILDER, rateFigures()) {
        @Override
        public List<Scenario> scenarios(Length length) {
            return Stream.of(Program.TINY, Program.TRUE)
                    .limit(length.choose(1, 1, 2))
                    .map(program -> spawn("pinned.", program, Streams.PIPES, 1)
                            .launched(Launch.PLAIN.onOneCpu())
                            .among(oneInSmoke(length, MAIN))
                            .inRounds(length.choose(1, 1, ROUNDS_FOR_AN_INTERVAL)))
                    .toList();
        }

        @Override
        public Timing timing(Length length, Scenario scenario) {
            return length.choose(super.timing(length, scenario), Timing.of(8000, 1000), Timing.of(8000, 2000));
        }
    },
    /** Other programs, streams and numbers of callers. */
    VARIATIONS("Shells, callers, streams", Shape.BARS, C_POSIX_SPAWN, PROCESS_BUILDER, rateFigures()) {
        @Override
        public List<Scenario> scenarios(Length length) {
            List<Scenario> all = List.of(
                    spawn(Program.SH, Streams.PIPES, 1),
                    spawn(Program.TINY, Streams.NULL, 1),
                    spawn(Program.TINY, Streams.PIPES, 16),
                    spawn(Program.TINY, Streams.PIPES, 2),
                    spawn(Program.TRUE, Streams.NULL, 1));
            return all.stream()
                    .limit(length.choose(2, 1, all.size()))
                    .map(scenario -> scenario.among(oneInSmoke(length, MAIN)).inRounds(length.choose(1, 1, 2)))
                    .toList();
        }

        @Override
        public Timing timing(Length length, Scenario scenario) {
            return RATES.timing(length, scenario);
        }
    },
    /** With many descriptors open in the JVM. */
    DESCRIPTORS("Open descriptors", Shape.CURVE, C_POSIX_SPAWN, PROCESS_BUILDER, rateFigures()) {
        @Override
        public List<Scenario> scenarios(Length length) {
            List<Scenario> all = new ArrayList<>();
            int[] counts = length.choose(
                    new int[] {20, 15_000}, new int[] {20, 15_000}, new int[] {20, 200, 2000, 15_000, 100_000});
            for (int count : counts) {
                all.add(open(count, false));
            }
            if (length != Length.QUICK) {
                all.add(open(15_000, true));
            }
            return all.stream()
                    .map(scenario -> scenario.among(oneInSmoke(length, MAIN))
                            .andOnce(inFull(length, List.of(PROCESS_BUILDER_VFORK)))
                            .inRounds(length.choose(1, 1, 3)))
                    .toList();
        }

        @Override
        public String xLabel() {
            return "descriptors open in the JVM";
        }
    },
    /** In a JVM whose heap is in memory. */
    HEAP("Touched heap", Shape.CURVE, C_POSIX_SPAWN, PROCESS_BUILDER, rateFigures()) {
        @Override
        public List<Scenario> scenarios(Length length) {
            int[] gibs = length.choose(new int[] {1}, new int[] {0, 4}, new int[] {0, 2, 8});
            return IntStream.of(gibs)
                    .mapToObj(gib -> Scenario.of(
                                    "heap." + gib, gib == 0 ? "small heap" : gib + " GiB of touched heap", Method.SPAWN)
                            .at(gib)
                            .launched(
                                    gib == 0
                                            ? Launch.PLAIN.with("-Xmx256m")
                                            : Launch.PLAIN.with(
                                                    "-Xms" + gib + "g", "-Xmx" + gib + "g", "-XX:+AlwaysPreTouch"))
                            .among(oneInSmoke(length, MAIN))
                            .andOnce(inFull(length, List.of(PROCESS_BUILDER_FORK)))
                            .inRounds(length.choose(1, 1, 2)))
                    .toList();
        }

        @Override
        public Timing timing(Length length, Scenario scenario) {
            return super.timing(length, scenario).andPreparing((int) (500 * scenario.x()));
        }

        @Override
        public String xLabel() {
            return "GiB of heap, all of it touched";
        }
    },
    /** Beside children that live on. */
    LIVE("Live children", Shape.CURVE, C_POSIX_SPAWN, PROCESS_BUILDER, rateFigures()) {
        @Override
        public List<Scenario> scenarios(Length length) {
            int[] counts = length.choose(new int[] {10}, new int[] {}, new int[] {0, 1000, 10_000});
            return IntStream.of(counts)
                    .mapToObj(count -> Scenario.of(
                                    "live." + count,
                                    String.format(Locale.ROOT, "beside %,d live children", count),
                                    Method.SPAWN)
                            .at(count)
                            .with("children", count)
                            .launched(Launch.PLAIN.withOpenFiles(count == 10_000 ? 15_000 : 0))
                            .among(oneInSmoke(length, MAIN))
                            // 10,000 of NuProcess's would need 30,000 descriptors.
                            .andOnce(length == Length.FULL && count < 10_000 ? List.of(NUPROCESS) : List.of())
                            .inRounds(length.choose(1, 1, 2)))
                    .toList();
        }

        @Override
        public Timing timing(Length length, Scenario scenario) {
            return super.timing(length, scenario).andPreparing((int) (scenario.x() / 2));
        }

        @Override
        public String xLabel() {
            return "other children alive";
        }
    },
    /** With much to pass on. */
    ENVIRONMENT("Size of the environment", Shape.CURVE, C_POSIX_SPAWN, PROCESS_BUILDER, rateFigures()) {
        @Override
        public List<Scenario> scenarios(Length length) {
            int[] sizes =
                    length.choose(new int[] {10_000}, new int[] {0, 1_000_000}, new int[] {0, 100_000, 1_000_000});
            return IntStream.of(sizes)
                    .mapToObj(bytes -> ofSize("env", bytes, "more of environment")
                            .launched(Launch.PLAIN.withEnvironment(bytes))
                            .among(oneInSmoke(length, MAIN)))
                    .toList();
        }

        @Override
        public String xLabel() {
            return "bytes more of environment, passed on unchanged";
        }
    },
    /** The same, with one variable added for each child. */
    CHANGED_ENVIRONMENT("Size of a changed environment", Shape.CURVE, SPAWN4J_CLONE3, PROCESS_BUILDER, rateFigures()) {
        @Override
        public List<Scenario> scenarios(Length length) {
            int[] sizes = length.choose(new int[] {10_000}, new int[] {}, new int[] {0, 100_000, 1_000_000});
            return IntStream.of(sizes)
                    .mapToObj(bytes -> ofSize("changed-env", bytes, "more of environment, one variable added")
                            .with("changedEnvironment", true)
                            .launched(Launch.PLAIN.withEnvironment(bytes))
                            .among(oneInSmoke(length, JAVA)))
                    .toList();
        }

        @Override
        public String xLabel() {
            return "bytes more of environment, and one variable for this child";
        }
    },
    /** With many arguments. */
    ARGUMENTS("Size of the arguments", Shape.CURVE, C_POSIX_SPAWN, PROCESS_BUILDER, rateFigures()) {
        @Override
        public List<Scenario> scenarios(Length length) {
            int[] sizes = length.choose(new int[] {10_000}, new int[] {}, new int[] {0, 100_000, 1_000_000});
            return IntStream.of(sizes)
                    .mapToObj(bytes -> ofSize("args", bytes, "of arguments")
                            .with("argumentBytes", bytes)
                            .among(oneInSmoke(length, MAIN)))
                    .toList();
        }

        @Override
        public String xLabel() {
            return "bytes of arguments, 100 each";
        }
    },
    /** What each setting costs. */
    POLICIES("Policies", Shape.BARS, SPAWN4J_CLONE3, PROCESS_BUILDER, rateFigures()) {
        @Override
        public List<Scenario> scenarios(Length length) {
            return length == Length.QUICK
                    ? List.of()
                    : List.of(Scenario.of(
                                    "policy", "tiny static program, three pipes, 1 caller, one setting", Method.SPAWN)
                            .among(Stream.concat(
                                            Stream.of(SPAWN4J_CLONE3), Contender.Group.POLICY.contenders().stream())
                                    .toList()));
        }
    },
    /** Holding the child's tree, or changing its credentials, beside plain starts. */
    CONTAINED("Containment and credentials", Shape.BARS, PROCESS_BUILDER, SPAWN4J_CLONE3, rateFigures()) {
        @Override
        public List<Scenario> scenarios(Length length) {
            List<Contender> contained = Contender.Group.CONTAINED.contenders().stream()
                    .filter(contender -> length != Length.QUICK || contender.hasPolicy())
                    .toList();
            return List.of(Scenario.of(
                            "contained", "tiny static program, three pipes, 1 caller, contained", Method.SPAWN)
                    .among(Stream.concat(
                                    length == Length.SMOKE ? Stream.of() : Stream.of(SPAWN4J_CLONE3, PROCESS_BUILDER),
                                    contained.stream())
                            .toList())
                    .inRounds(length.choose(1, 1, 2)));
        }
    },
    /** What a JVM that starts only one program pays. */
    FIRST_START(
            "The first child of a JVM", Shape.TABLE, PROCESS_BUILDER, SPAWN4J_CLONE3, List.of(Figure.FIRST_MILLIS)) {
        @Override
        public List<Scenario> scenarios(Length length) {
            return List.of(Scenario.of(
                            "first", "the first child of a JVM, with all that is loaded for it", Method.FIRST)
                    .among(oneInSmoke(length, List.of(SPAWN4J_CLONE3, SPAWN4J_POSIX_SPAWN, PROCESS_BUILDER, NUPROCESS)))
                    .inRounds(length.choose(1, 1, 3)));
        }

        @Override
        public Timing timing(Length length, Scenario scenario) {
            return Timing.once(300);
        }
    },
    /** How long the caller is kept. */
    START("start(), with 4 callers", Shape.TABLE, C_POSIX_SPAWN, PROCESS_BUILDER, latencyFigures()) {
        @Override
        public List<Scenario> scenarios(Length length) {
            return List.of(
                    Scenario.of("start.t4", "from the request until the caller has the child, 4 callers", Method.START)
                            .callers(4)
                            .among(length == Length.SMOKE ? List.of(SPAWN4J_CLONE3, C_POSIX_SPAWN) : MAIN)
                            .with("compileMillis", compileMillis(length))
                            .inRounds(length.choose(1, 1, 3)));
        }

        @Override
        public Timing timing(Length length, Scenario scenario) {
            return latency(length);
        }
    },
    /** Who waits, and how soon he knows. */
    EXIT("From exit to the waiting thread", Shape.TABLE, C_POSIX_SPAWN, PROCESS_BUILDER, latencyFigures()) {
        @Override
        public List<Scenario> scenarios(Length length) {
            return exits("exit", Method.EXIT_TO_WAITER, length)
                    .map(scenario -> scenario.among(
                                    length == Length.SMOKE ? List.of(SPAWN4J_CLONE3, C_POSIX_SPAWN) : MAIN)
                            .inRounds(length.choose(1, 1, 3)))
                    .toList();
        }

        @Override
        public Timing timing(Length length, Scenario scenario) {
            return latency(length);
        }
    },
    /** Who registered a function, and how soon it runs. */
    CALLBACK("From exit to the callback", Shape.TABLE, PROCESS_BUILDER, SPAWN4J_CLONE3, latencyFigures()) {
        @Override
        public List<Scenario> scenarios(Length length) {
            return exits("callback", Method.EXIT_TO_CALLBACK, length)
                    .map(scenario -> scenario.among(JAVA).inRounds(length.choose(1, 1, 2)))
                    .toList();
        }

        @Override
        public Timing timing(Length length, Scenario scenario) {
            return latency(length);
        }
    },
    /** How soon a killed child is known to be gone. */
    KILL("From kill to gone", Shape.TABLE, C_POSIX_SPAWN, PROCESS_BUILDER, latencyFigures()) {
        @Override
        public List<Scenario> scenarios(Length length) {
            return List.of(Scenario.of("kill", "from SIGKILL until the caller has the status", Method.KILL_TO_GONE)
                    .among(oneInSmoke(length, MAIN))
                    .with("compileMillis", compileMillis(length))
                    .inRounds(length.choose(1, 1, 2)));
        }

        @Override
        public Timing timing(Length length, Scenario scenario) {
            return latency(length);
        }
    },
    /** Much output. */
    OUTPUT("Bytes", Shape.TABLE, PROCESS_BUILDER, SPAWN4J_CLONE3, List.of(Figure.THROUGHPUT)) {
        @Override
        public List<Scenario> scenarios(Length length) {
            String size = length.choose("1 MiB", "256 MiB", "1 GiB");
            long bytes = length.choose(1L << 20, 1L << 28, 1L << 30);
            List<Scenario> all = new ArrayList<>();
            for (Launch launch : List.of(Launch.PLAIN, Launch.PLAIN.asOrdinaryUser())) {
                String who = launch.ordinaryUser() ? "user" : "root";
                String by = launch.ordinaryUser() ? ", by an ordinary user" : "";
                all.add(Scenario.of("output." + who, size + " from stdout" + by, Method.OUTPUT)
                        .with("bytes", bytes)
                        .launched(launch));
                all.add(Scenario.of("cat." + who, size + " through cat, both ways" + by, Method.THROUGH_CAT)
                        .with("bytes", bytes)
                        .launched(launch));
            }
            all.add(Scenario.of("output8k.root", size + " from stdout, 8 KiB a read", Method.OUTPUT)
                    .with("bytes", bytes)
                    .with("buffer", 8192));
            return all.stream()
                    .limit(length.choose(3, 3, 5))
                    .map(scenario -> scenario.among(oneInSmoke(length, JAVA)).inRounds(length.choose(1, 1, 2)))
                    .toList();
        }

        @Override
        public Timing timing(Length length, Scenario scenario) {
            return Timing.once(length.choose(100, 1000, 4000));
        }
    },
    /** Little output of many children. */
    SHORT_OUTPUT("Short outputs", Shape.BARS, PROCESS_BUILDER, SPAWN4J_CLONE3, rateFigures()) {
        @Override
        public List<Scenario> scenarios(Length length) {
            List<Scenario> all = new ArrayList<>();
            for (Launch launch : List.of(Launch.PLAIN, Launch.PLAIN.asOrdinaryUser())) {
                String by = launch.ordinaryUser() ? ", by an ordinary user" : "";
                all.add(Scenario.of(
                                "short." + (launch.ordinaryUser() ? "user" : "root"),
                                "start, read 8 bytes, wait, 4 callers" + by,
                                Method.SHORT_OUTPUT)
                        .callers(4)
                        .launched(launch)
                        .among(oneInSmoke(length, JAVA))
                        .inRounds(length.choose(1, 1, 2)));
            }
            return all.subList(0, length.choose(1, 1, 2));
        }
    },
    /** What a live child costs. */
    FOOTPRINT(
            "What a live child costs",
            Shape.TABLE,
            PROCESS_BUILDER,
            SPAWN4J_CLONE3,
            List.of(Figure.HEAP_PER_CHILD, Figure.RESIDENT_PER_CHILD, Figure.DESCRIPTORS_PER_CHILD, Figure.THREADS)) {
        @Override
        public List<Scenario> scenarios(Length length) {
            int children = length.choose(10, 1000, 10_000);
            return List.of(Scenario.of(
                            "footprint",
                            String.format(Locale.ROOT, "%,d live children, streams of /dev/null", children),
                            Method.LIVE_CHILDREN)
                    .with("children", children)
                    .launched(Launch.PLAIN.withOpenFiles(length.choose(0, 0, 15_000)))
                    .among(oneInSmoke(length, JAVA)));
        }

        @Override
        public Timing timing(Length length, Scenario scenario) {
            return Timing.once(length.choose(200, 2000, 15_000));
        }
    },
    /** System calls, counted by strace. */
    SYSCALLS("System calls", Shape.TABLE, C_POSIX_SPAWN, PROCESS_BUILDER, List.of(Figure.SYSCALLS)) {
        @Override
        public List<Scenario> scenarios(Length length) {
            return List.of(Scenario.of(
                            "syscalls",
                            "system calls of a spawn and wait with three pipes, the child's included",
                            Method.SYSCALLS)
                    .with("warmUp", length.choose(100, 5000, 10_000))
                    .with("spawns", length.choose(20, 500, 1000))
                    .among(oneInSmoke(length, MAIN))
                    .andOnce(inFull(
                            length,
                            List.of(
                                    SPAWN4J_CLONE,
                                    SPAWN4J_POSIX_SPAWN,
                                    PROCESS_BUILDER_VFORK,
                                    NUPROCESS,
                                    C_VFORK,
                                    C_CLONE3))));
        }

        @Override
        public Timing timing(Length length, Scenario scenario) {
            return Timing.once(length.choose(1000, 5000, 12_000));
        }
    },
    /** Virtual threads. */
    VIRTUAL_THREADS(
            "Virtual threads", Shape.TABLE, PROCESS_BUILDER, SPAWN4J_CLONE3, List.of(Figure.SECONDS, Figure.PINNED)) {
        @Override
        public List<Scenario> scenarios(Length length) {
            int threads = length.choose(50, 1000, 10_000);
            return List.of(Scenario.of(
                            "virtual",
                            String.format(
                                    Locale.ROOT,
                                    "%,d virtual threads at once, each spawns, reads and waits; JDK 25",
                                    threads),
                            Method.VIRTUAL_THREADS)
                    .with("threads", threads)
                    .launched(Launch.PLAIN.withJdk(25).withOpenFiles(length.choose(0, 0, 18_000)))
                    .among(oneInSmoke(length, JAVA))
                    .inRounds(length.choose(1, 1, 2)));
        }

        @Override
        public Timing timing(Length length, Scenario scenario) {
            return Timing.once(length.choose(500, 1500, 8000));
        }
    },
    /** A million children. */
    ENDURANCE(
            "Endurance",
            Shape.TABLE,
            PROCESS_BUILDER,
            SPAWN4J_CLONE3,
            List.of(
                    Figure.FIRST,
                    Figure.LAST,
                    Figure.LAST_TO_FIRST,
                    Figure.LAST_TO_FIRST_C,
                    Figure.LAST_TO_FIRST_BESIDE_C,
                    Figure.MORE_DESCRIPTORS,
                    Figure.MORE_THREADS,
                    Figure.MORE_CHILDREN,
                    Figure.MORE_RESIDENT)) {
        @Override
        public List<Scenario> scenarios(Length length) {
            int spawns = length.choose(500, 30_000, 1_000_000);
            return List.of(Scenario.of(
                            "endurance",
                            String.format(Locale.ROOT, "%,d children of one JVM, one after the other", spawns),
                            Method.ENDURANCE)
                    .with("spawns", spawns)
                    .with("warmUp", length.choose(50, 10_000, 50_000))
                    .among(SPAWN4J_CLONE3));
        }

        @Override
        public Timing timing(Length length, Scenario scenario) {
            return Timing.once(length.choose(500, 8000, 270_000));
        }
    };

    /** How a section shows its scenarios. */
    public enum Shape {
        /** A picture and a table for each. */
        BARS,
        /** One picture and one table for all, against {@link Scenario#x}. */
        CURVE,
        /** A table for each. */
        TABLE
    }

    /** Fewer give no interval that holds the true median with 95 %. */
    public static final int ROUNDS_FOR_AN_INTERVAL = 6;

    /** Us, what everybody uses, and the limit: in every round. */
    private static final List<Contender> MAIN = List.of(SPAWN4J_CLONE3, PROCESS_BUILDER, C_POSIX_SPAWN);

    /** Those of them in Java, for what the loop in C does not do. */
    private static final List<Contender> JAVA = List.of(SPAWN4J_CLONE3, PROCESS_BUILDER);

    private static final List<Contender> OTHERS = Stream.of(
                    Contender.Group.PLAIN, Contender.Group.RIVAL, Contender.Group.C)
            .flatMap(group -> group.contenders().stream())
            .filter(contender -> !MAIN.contains(contender))
            .toList();

    private final String title;
    private final Shape shape;
    private final Contender reference;
    private final Contender secondReference;
    private final List<Figure> figures;

    Suite(String title, Shape shape, Contender reference, Contender secondReference, List<Figure> figures) {
        this.title = title;
        this.shape = shape;
        this.reference = reference;
        this.secondReference = secondReference;
        this.figures = figures;
    }

    /** Its scenarios in a run of that length; a short run leaves some out. */
    public abstract List<Scenario> scenarios(Length length);

    /** How long one of its forks runs. */
    public Timing timing(Length length, Scenario scenario) {
        return length.choose(Timing.of(200, 300), Timing.of(4000, 1000), Timing.of(4000, 2000));
    }

    public String title() {
        return title;
    }

    public Shape shape() {
        return shape;
    }

    /** Whose figures the others' are divided by. */
    public Contender reference() {
        return reference;
    }

    /** Whose rate the others' is divided by besides. */
    public Contender secondReference() {
        return secondReference;
    }

    /** Which figures its tables show. */
    public List<Figure> figures() {
        return figures;
    }

    /** What a curve's {@link Scenario#x} means. */
    public String xLabel() {
        throw new UnsupportedOperationException(this + " is no curve");
    }

    /** A smoke run asks whether the scenario runs at all. */
    private static List<Contender> oneInSmoke(Length length, List<Contender> otherwise) {
        return length == Length.SMOKE ? List.of(SPAWN4J_CLONE3) : otherwise;
    }

    private static List<Contender> inFull(Length length, List<Contender> who) {
        return length == Length.FULL ? who : List.of();
    }

    private static List<Figure> rateFigures() {
        return List.of(Figure.RATE, Figure.CPU, Figure.SWITCHES, Figure.ALLOCATED);
    }

    private static List<Figure> latencyFigures() {
        return List.of(Figure.P50, Figure.P90, Figure.P99, Figure.P999, Figure.MAX);
    }

    private static Scenario spawn(Program program, Streams streams, int callers) {
        return spawn("", program, streams, callers);
    }

    /** @param prefix of the id, where all is on one CPU */
    private static Scenario spawn(String prefix, Program program, Streams streams, int callers) {
        return Scenario.of(
                        prefix + program.name().toLowerCase(Locale.ROOT) + (streams == Streams.NULL ? ".null" : "")
                                + ".t" + callers,
                        program.label()
                                + (streams == Streams.PIPES ? ", three pipes, " : ", /dev/null, ")
                                + (callers == 1 ? "1 caller" : callers + " callers")
                                + (prefix.isEmpty() ? "" : ", on one CPU"),
                        Method.SPAWN)
                .with("program", program)
                .with("streams", streams)
                .callers(callers);
    }

    /** @param what follows the number of bytes */
    private static Scenario ofSize(String id, int bytes, String what) {
        return Scenario.of(id + "." + bytes, String.format(Locale.ROOT, "%,d bytes %s", bytes, what), Method.SPAWN)
                .at(bytes);
    }

    private static Scenario open(int count, boolean closeOnExec) {
        return Scenario.of(
                        "fd." + count + (closeOnExec ? ".cloexec" : ""),
                        String.format(
                                Locale.ROOT, "%,d open %sdescriptors", count, closeOnExec ? "close-on-exec " : ""),
                        Method.SPAWN)
                .at(closeOnExec ? Double.NaN : count)
                .with("descriptors", count)
                .with("closeOnExec", closeOnExec)
                .launched(Launch.PLAIN.withOpenFiles(count + 1000));
    }

    private static int compileMillis(Length length) {
        return length.choose(100, 3000, 8000);
    }

    /** Of latencies: the JVM compiles before the benchmark begins. */
    private static Timing latency(Length length) {
        return length.choose(Timing.of(100, 300), Timing.of(500, 1000), Timing.of(500, 3000))
                .andPreparing(compileMillis(length));
    }

    private static Stream<Scenario> exits(String id, Method method, Length length) {
        return IntStream.of(1, 20)
                .limit(length.choose(1, 2, 2))
                .mapToObj(
                        millis -> Scenario.of(id + "." + millis + "ms", "a child that lives " + millis + " ms", method)
                                .with("lifeMicros", millis * 1000)
                                .with("compileMillis", compileMillis(length)));
    }
}
