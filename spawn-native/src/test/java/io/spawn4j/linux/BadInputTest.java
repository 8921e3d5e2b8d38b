// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.spawn4j.ExitStatus;
import io.spawn4j.ResourceLimit;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.SpawnStage;
import io.spawn4j.UnsupportedPolicyException;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.LeakCheck;
import io.spawn4j.linux.support.RequiresNativeEngine;
import io.spawn4j.linux.support.TestTools;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Input that cannot work: ProcessBuilder's exception type and opening words, nothing left behind, and the next start
 * works.
 */
class BadInputTest {
    private static final String NUL = "\0";
    private static final String CANNOT_RUN = "Cannot run program \"";

    @TempDir
    static Path directory;

    private LeakCheck leaks;

    @BeforeEach
    void begin() throws Exception {
        assertNextStartWorks();
        leaks = LeakCheck.begin();
    }

    @AfterEach
    void nothingIsLeftAndTheNextStartWorks() throws Exception {
        assertNextStartWorks();
        leaks.assertClean();
    }

    private static void assertNextStartWorks() throws Exception {
        assertThat(new SpawnBuilder(TestTools.command("tiny", "3")).start().exitStatus())
                .isEqualTo(new ExitStatus.Exited(3));
    }

    /** What both builders have. */
    private interface Builder {
        Map<String, String> environment();

        void directory(File directory);

        void input(File file);

        void output(Redirect redirect);

        void start() throws IOException;
    }

    private record Ours(SpawnBuilder builder) implements Builder {
        @Override
        public Map<String, String> environment() {
            return builder.environment();
        }

        @Override
        public void directory(File directory) {
            builder.directory(directory);
        }

        @Override
        public void input(File file) {
            builder.redirectInput(file);
        }

        @Override
        public void output(Redirect redirect) {
            builder.redirectOutput(redirect);
        }

        @Override
        public void start() throws IOException {
            builder.start();
        }
    }

    private record Theirs(ProcessBuilder builder) implements Builder {
        @Override
        public Map<String, String> environment() {
            return builder.environment();
        }

        @Override
        public void directory(File directory) {
            builder.directory(directory);
        }

        @Override
        public void input(File file) {
            builder.redirectInput(file);
        }

        @Override
        public void output(Redirect redirect) {
            builder.redirectOutput(redirect);
        }

        @Override
        public void start() throws IOException {
            builder.start();
        }
    }

    /** A file of the test's directory. */
    private static File file(String name, String contents, boolean executable) {
        try {
            Path path = directory.resolve(name);
            if (!Files.exists(path)) {
                Files.writeString(path, contents);
            }
            assertThat(path.toFile().setExecutable(executable)).isTrue();
            return path.toFile();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static File missing() {
        return directory.resolve("missing").toFile();
    }

    /** A directory that ordinary users may not enter. */
    private static File closedDirectory() {
        File closed = directory.resolve("closed").toFile();
        assertThat(closed.isDirectory() || closed.mkdir()).isTrue();
        assertThat(closed.setExecutable(false, false) && closed.setReadable(false, false))
                .isTrue();
        return closed;
    }

    /** Each: a command, what else is wrong, and what must come of it. */
    private enum Input {
        EMPTY_COMMAND(IndexOutOfBoundsException.class, ""),
        NULL_ARGUMENT(NullPointerException.class, "", "true", null),
        NULL_PROGRAM(NullPointerException.class, "", (String) null),
        EMPTY_PROGRAM(SpawnStage.EXEC, "ENOENT", CANNOT_RUN + "\": error=2, No such file or directory", ""),
        NUL_IN_PROGRAM(SpawnStage.REQUEST, "", "invalid null character in command", "tr" + NUL + "ue"),
        NUL_IN_ARGUMENT(SpawnStage.REQUEST, "", "invalid null character in command", "true", "a" + NUL),
        MISSING_PROGRAM(
                SpawnStage.EXEC,
                "ENOENT",
                CANNOT_RUN + "spawn4j-no-such-program\": error=2, No such file or directory",
                "spawn4j-no-such-program"),
        MISSING_PATH(
                SpawnStage.EXEC,
                "ENOENT",
                CANNOT_RUN + "/nonexistent/program\": error=2, No such file or directory",
                "/nonexistent/program"),
        FILE_AS_DIRECTORY_OF_THE_PROGRAM(
                SpawnStage.EXEC, "ENOTDIR", CANNOT_RUN + "/dev/null/x\": error=20, Not a directory", "/dev/null/x"),
        DIRECTORY_AS_PROGRAM(SpawnStage.EXEC, "EACCES", CANNOT_RUN + "/usr\": error=13, Permission denied", "/usr"),
        NOT_EXECUTABLE(SpawnStage.EXEC, "EACCES", CANNOT_RUN) {
            @Override
            List<String> command() {
                return List.of(file("plain", "exit 0", false).getPath());
            }
        },
        INTERPRETER_MISSING(SpawnStage.EXEC, "ENOENT", CANNOT_RUN) {
            @Override
            List<String> command() {
                return List.of(
                        file("script", "#!/nonexistent/interpreter\n", true).getPath());
            }
        },
        NAME_TOO_LONG(SpawnStage.EXEC, "ENAMETOOLONG", CANNOT_RUN) {
            @Override
            List<String> command() {
                return List.of("/" + "x".repeat(5000));
            }
        },
        ARGUMENT_TOO_LONG(SpawnStage.EXEC, "E2BIG", CANNOT_RUN + "true\": error=7, Argument list too long") {
            @Override
            List<String> command() {
                return List.of("true", "x".repeat(200_000));
            }
        },
        VARIABLE_TOO_LONG(SpawnStage.EXEC, "E2BIG", CANNOT_RUN + "true\": error=7, Argument list too long", "true") {
            @Override
            void spoil(Builder builder) {
                builder.environment().put("SPAWN4J_LONG", "x".repeat(200_000));
            }
        },
        NULL_VARIABLE(NullPointerException.class, "", "true") {
            @Override
            void spoil(Builder builder) {
                builder.environment().put(null, "x");
            }
        },
        NULL_VALUE(NullPointerException.class, "", "true") {
            @Override
            void spoil(Builder builder) {
                builder.environment().put("x", null);
            }
        },
        NUL_IN_VARIABLE(IllegalArgumentException.class, "Invalid environment variable name: \"A" + NUL + "\"", "true") {
            @Override
            void spoil(Builder builder) {
                builder.environment().put("A" + NUL, "x");
            }
        },
        NUL_IN_VALUE(
                IllegalArgumentException.class, "Invalid environment variable value: \"x" + NUL + "B=y\"", "true") {
            @Override
            void spoil(Builder builder) {
                builder.environment().put("A", "x" + NUL + "B=y");
            }
        },
        EQUALS_IN_VARIABLE(IllegalArgumentException.class, "Invalid environment variable name: \"A=B\"", "true") {
            @Override
            void spoil(Builder builder) {
                builder.environment().put("A=B", "x");
            }
        },
        MISSING_DIRECTORY(SpawnStage.DIRECTORY, "ENOENT", CANNOT_RUN + "true\" (in directory \"", "true") {
            @Override
            void spoil(Builder builder) {
                builder.directory(missing());
            }
        },
        FILE_AS_DIRECTORY(SpawnStage.DIRECTORY, "ENOTDIR", CANNOT_RUN + "true\" (in directory \"", "true") {
            @Override
            void spoil(Builder builder) {
                builder.directory(file("plain", "exit 0", false));
            }
        },
        CLOSED_DIRECTORY(SpawnStage.DIRECTORY, "EACCES", CANNOT_RUN + "true\" (in directory \"", "true") {
            @Override
            boolean worksHere() {
                return isRoot();
            }

            @Override
            void spoil(Builder builder) {
                builder.directory(closedDirectory());
            }
        },
        EMPTY_DIRECTORY(SpawnStage.DIRECTORY, "ENOENT", CANNOT_RUN + "true\" (in directory \"", "true") {
            @Override
            void spoil(Builder builder) {
                builder.directory(new File(""));
            }
        },
        NUL_IN_DIRECTORY(SpawnStage.REQUEST, "", CANNOT_RUN + "true\" (in directory \"", "true") {
            @Override
            void spoil(Builder builder) {
                builder.directory(new File("/no-such-directory" + NUL + "p"));
            }
        },
        INPUT_MISSING(SpawnStage.REDIRECT, "ENOENT", CANNOT_RUN + "true\": ", "true") {
            @Override
            void spoil(Builder builder) {
                builder.input(missing());
            }
        },
        INPUT_EMPTY(SpawnStage.REDIRECT, "ENOENT", CANNOT_RUN + "true\": ", "true") {
            @Override
            void spoil(Builder builder) {
                builder.input(new File(""));
            }
        },
        INPUT_UNREADABLE(SpawnStage.REDIRECT, "EACCES", CANNOT_RUN + "true\": ", "true") {
            @Override
            boolean worksHere() {
                return isRoot();
            }

            @Override
            void spoil(Builder builder) {
                File file = file("unreadable", "x", false);
                assertThat(file.setReadable(false, false)).isTrue();
                builder.input(file);
            }
        },
        INPUT_IS_A_DIRECTORY(SpawnStage.REDIRECT, "EISDIR", CANNOT_RUN + "true\": ", "true") {
            @Override
            void spoil(Builder builder) {
                builder.input(directory.toFile());
            }
        },
        OUTPUT_EMPTY(SpawnStage.REDIRECT, "ENOENT", CANNOT_RUN + "true\": ", "true") {
            @Override
            void spoil(Builder builder) {
                builder.output(Redirect.to(new File("")));
            }
        },
        APPENDED_OUTPUT_EMPTY(SpawnStage.REDIRECT, "ENOENT", CANNOT_RUN + "true\": ", "true") {
            @Override
            void spoil(Builder builder) {
                builder.output(Redirect.appendTo(new File("")));
            }
        },
        OUTPUT_IS_A_DIRECTORY(SpawnStage.REDIRECT, "EISDIR", CANNOT_RUN + "true\": ", "true") {
            @Override
            void spoil(Builder builder) {
                builder.output(Redirect.to(directory.toFile()));
            }
        },
        OUTPUT_IN_NO_DIRECTORY(SpawnStage.REDIRECT, "ENOENT", CANNOT_RUN + "true\": ", "true") {
            @Override
            void spoil(Builder builder) {
                builder.output(Redirect.appendTo(new File(missing(), "file")));
            }
        },
        OUTPUT_UNWRITABLE(SpawnStage.REDIRECT, "EACCES", CANNOT_RUN + "true\": ", "true") {
            @Override
            boolean worksHere() {
                return isRoot();
            }

            @Override
            void spoil(Builder builder) {
                File file = file("readonly", "x", false);
                assertThat(file.setReadOnly()).isTrue();
                builder.output(Redirect.to(file));
            }
        },
        NUL_IN_OUTPUT(SpawnStage.REDIRECT, "", CANNOT_RUN + "true\": Invalid file path", "true") {
            @Override
            void spoil(Builder builder) {
                builder.output(Redirect.to(new File("/tmp/a" + NUL + "b")));
            }
        };

        private final Class<? extends Throwable> type;
        private final SpawnStage stage;
        private final String errnoName;
        private final String opening;
        private final List<String> command;

        Input(SpawnStage stage, String errnoName, String opening, String... command) {
            this(IOException.class, stage, errnoName, opening, command);
        }

        Input(Class<? extends Throwable> type, String opening, String... command) {
            this(type, null, "", opening, command);
        }

        Input(Class<? extends Throwable> type, SpawnStage stage, String errnoName, String opening, String... command) {
            this.type = type;
            this.stage = stage;
            this.errnoName = errnoName;
            this.opening = opening;
            this.command = Arrays.asList(command);
        }

        List<String> command() {
            return command;
        }

        void spoil(Builder builder) {}

        /** The superuser may. */
        boolean worksHere() {
            return false;
        }

        static boolean isRoot() {
            return Ability.ROOT.missing().isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Input.class)
    void isRefusedAsProcessBuilderRefusesIt(Input input) throws IOException {
        Builder ours = new Ours(new SpawnBuilder(new ArrayList<>(input.command())));
        Builder theirs = new Theirs(new ProcessBuilder(new ArrayList<>(input.command())));
        if (input.worksHere()) {
            input.spoil(ours);
            ours.start();
            return;
        }
        Throwable our = failure(input, ours);
        Throwable their = failure(input, theirs);
        assertThat(their).as("ProcessBuilder's").isInstanceOf(input.type);
        assertThat(their.getClass()).as("the type that a caller catches").isAssignableFrom(our.getClass());
        if (!input.opening.isEmpty()) {
            // What follows the program's name is another wording on newer JDKs.
            assertThat(their).hasMessageStartingWith(input.opening.replaceAll(": error=.*", ""));
            assertThat(our).hasMessageStartingWith(input.opening);
        }
        if (input.stage != null) {
            assertThat(our).isExactlyInstanceOf(SpawnException.class);
            SpawnException failure = (SpawnException) our;
            assertThat(failure.stage()).isEqualTo(input.stage);
            assertThat(failure.errnoName()).isEqualTo(input.errnoName);
            if (failure.errno() != 0) {
                assertThat(failure).hasMessageContainingAll(input.errnoName, "stage: " + input.stage);
            }
        }
    }

    private static Throwable failure(Input input, Builder builder) {
        Throwable failure = catchThrowable(() -> {
            input.spoil(builder);
            builder.start();
        });
        assertThat(failure).as("what " + builder + " says").isNotNull();
        return failure;
    }

    @Test
    @DisplayName("F23: a NUL does not smuggle another argument or variable in; the refusal names the place")
    void nulIsRefusedWithItsPlace() {
        assertThat(failure(new SpawnBuilder("echo", "fine", "one" + NUL + "two")))
                .hasMessageContaining("element 2, character 3");
        assertThat(failure(new SpawnBuilder("ec" + NUL + "ho"))).hasMessageContaining("element 0, character 2");
        assertThat(failure(new SpawnBuilder("true").directory(new File("/tmp" + NUL + "p"))))
                .hasMessageContaining("character 4");
        Map<String, String> environment = new SpawnBuilder("true").environment();
        assertThat(catchThrowable(() -> environment.put("A", "x" + NUL + "LD_PRELOAD=/tmp/evil.so")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("LD_PRELOAD");
        assertThat(environment).doesNotContainKey("A");
    }

    @Test
    @DisplayName("F23: ProcessBuilder starts in the directory whose name ends at the NUL")
    void processBuilderCutsTheDirectoryAtTheNul() throws Exception {
        assertThat(new ProcessBuilder("true")
                        .directory(new File("/tmp" + NUL + "p"))
                        .start()
                        .waitFor())
                .as("ProcessBuilder fails this test")
                .isZero();
    }

    @Test
    @DisplayName("F28: a bad working directory is not taken for a missing program")
    void missingDirectoryAndMissingProgramDiffer() {
        SpawnException directoryMissing = failure(new SpawnBuilder("true").directory(missing()));
        SpawnException programMissing =
                failure(new SpawnBuilder("spawn4j-no-such-program").directory(directory.toFile()));
        SpawnException both = failure(new SpawnBuilder("spawn4j-no-such-program").directory(missing()));
        assertThat(directoryMissing.stage()).isEqualTo(SpawnStage.DIRECTORY);
        assertThat(directoryMissing)
                .hasMessageEndingWith("error=2, No such file or directory (ENOENT, stage: directory)");
        assertThat(programMissing.stage()).isEqualTo(SpawnStage.EXEC);
        assertThat(programMissing).hasMessageEndingWith("error=2, No such file or directory (ENOENT, stage: exec)");
        assertThat(both.stage()).isEqualTo(SpawnStage.DIRECTORY);
    }

    @Test
    @DisplayName("F28: ProcessBuilder gives the same reason for both")
    void processBuilderDoesNotTellThemApart() {
        assertThat(reason(new ProcessBuilder("true").directory(missing())))
                .as("ProcessBuilder fails this test")
                .isEqualTo(reason(new ProcessBuilder("spawn4j-no-such-program").directory(directory.toFile())))
                .containsPattern("error[=:] ?2\\b");
    }

    /** What comes after the names of the program and of the directory. */
    private static String reason(ProcessBuilder builder) {
        String start = CANNOT_RUN + builder.command().get(0) + "\" (in directory \"" + builder.directory() + "\"): ";
        IOException failure = catchThrowableOfType(IOException.class, builder::start);
        assertThat(failure).hasMessageStartingWith(start);
        return failure.getMessage().substring(start.length());
    }

    private static SpawnException failure(SpawnBuilder builder) {
        SpawnException failure = catchThrowableOfType(SpawnException.class, builder::start);
        assertThat(failure).isNotNull();
        return failure;
    }

    private static SpawnException failure(SpawnPolicy policy) {
        return failure(new SpawnBuilder("true").policy(policy));
    }

    @Test
    void groupThatIsNotThereIsRefused() {
        SpawnException failure = failure(
                SpawnPolicy.builder().joinProcessGroup(Integer.MAX_VALUE).build());
        assertThat(failure.stage()).isEqualTo(SpawnStage.PROCESS_GROUP);
        assertThat(failure.errnoName()).isEqualTo("EPERM");
    }

    @Test
    void extraDescriptorThatIsNotOpenIsRefused() {
        SpawnException failure =
                failure(SpawnPolicy.builder().extraDescriptor(3, 1_000_000).build());
        assertThat(failure.stage()).isEqualTo(SpawnStage.DESCRIPTORS);
        assertThat(failure.errnoName()).isEqualTo("EBADF");
    }

    @Test
    void extraFileThatIsMissingIsRefused() {
        SpawnException failure = failure(
                SpawnPolicy.builder().extraFile(3, Redirect.from(missing())).build());
        assertThat(failure.stage()).isEqualTo(SpawnStage.REDIRECT);
        assertThat(failure.errnoName()).isEqualTo("ENOENT");
    }

    @Test
    @RequiresNativeEngine
    void cpusOfWhichNoneIsThereAreRefused() {
        SpawnException failure = failure(SpawnPolicy.builder().cpuAffinity(1023).build());
        assertThat(failure.stage()).isEqualTo(SpawnStage.AFFINITY);
        assertThat(failure.errnoName()).isEqualTo("EINVAL");
    }

    @Test
    @RequiresNativeEngine
    void hardLimitAboveTheKernelsIsRefused() {
        // Above fs.nr_open, for the superuser as well.
        SpawnException failure = failure(SpawnPolicy.builder()
                .resourceLimit(ResourceLimit.NOFILE, 1, Integer.MAX_VALUE)
                .build());
        assertThat(failure).isInstanceOf(UnsupportedPolicyException.class);
        assertThat(failure.stage()).isEqualTo(SpawnStage.RESOURCE_LIMIT);
        assertThat(failure.errnoName()).isEqualTo("EPERM");
        assertThat(((UnsupportedPolicyException) failure).setting()).isEqualTo("resourceLimit");
    }

    @Test
    @RequiresNativeEngine
    void lessNiceThanAllowedIsRefused() {
        SpawnPolicy policy = SpawnPolicy.builder().nice(-20).build();
        if (Input.isRoot()) {
            assertThat(catchThrowable(() ->
                            new SpawnBuilder("true").policy(policy).start().waitFor()))
                    .isNull();
            return;
        }
        SpawnException failure = failure(policy);
        assertThat(failure).isInstanceOf(UnsupportedPolicyException.class);
        assertThat(failure.stage()).isEqualTo(SpawnStage.NICE);
        assertThat(failure.errnoName()).isEqualTo("EACCES");
        assertThat(failure).hasMessageContaining("CAP_SYS_NICE");
    }
}
