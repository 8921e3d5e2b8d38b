// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SpawnBuilderCommandTest {

    @Test
    void keepsTheListItIsGiven() throws Exception {
        List<String> list = new ArrayList<>(List.of("a"));
        SpawnBuilder builder = new SpawnBuilder(list);
        list.add("b");

        assertThat(builder.command()).isSameAs(list);
        assertThat(builder.request().command()).containsExactly("a", "b");
    }

    @Test
    void commandListReplacesTheListAndKeepsTheNewOne() {
        List<String> list = new ArrayList<>(List.of("a"));
        SpawnBuilder builder = new SpawnBuilder("x");

        assertThat(builder.command(list)).isSameAs(builder);
        assertThat(builder.command()).isSameAs(list);
    }

    @Test
    void copiesAnArray() {
        String[] array = {"a"};
        SpawnBuilder builder = new SpawnBuilder(array);
        array[0] = "changed";
        assertThat(builder.command()).containsExactly("a");

        builder.command(array);
        array[0] = "again";
        assertThat(builder.command()).containsExactly("changed");
    }

    @Test
    void listOfAnArrayCanGrow() throws Exception {
        SpawnBuilder builder = new SpawnBuilder("a");
        builder.command().add("b");
        assertThat(builder.request().command()).containsExactly("a", "b");
    }

    @Test
    void requestIsASnapshot() throws Exception {
        SpawnBuilder builder = new SpawnBuilder("a");
        List<String> requested = builder.request().command();
        builder.command().add("b");
        assertThat(requested).containsExactly("a");
    }

    @Test
    void nullListsAndArraysAreRefusedAtOnce() {
        SpawnBuilder builder = new SpawnBuilder("a");
        assertThatThrownBy(() -> new SpawnBuilder((List<String>) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> new SpawnBuilder((String[]) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> builder.command((List<String>) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> builder.command((String[]) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> builder.policy(null)).isInstanceOf(NullPointerException.class);
    }

    static List<List<String>> badCommands() {
        return List.of(
                List.of(),
                Arrays.asList((String) null),
                Arrays.asList("a", null),
                Arrays.asList("a", null, "b\0"),
                Arrays.asList("a", "b\0", null));
    }

    @ParameterizedTest
    @MethodSource("badCommands")
    void startThrowsWhatProcessBuilderThrows(List<String> command) {
        Outcome jdk = Outcome.of(() -> new ProcessBuilder(command).start());

        assertThat(jdk.thrown()).isNotNull();
        assertThat(Outcome.of(() -> new SpawnBuilder(command).start())).isEqualTo(jdk);
        assertThat(Outcome.of(() -> SpawnBuilder.startPipeline(List.of(new SpawnBuilder(command)))))
                .isEqualTo(jdk);
    }

    @Test
    @DisplayName("F23: a NUL in an argument is refused with its index, in the JDK's words")
    void nulInAnArgumentIsRefusedWithItsIndex() {
        String jdk = Outcome.of(() -> new ProcessBuilder("/bin/true", "ok", "a\0b").start())
                .message();

        assertThatThrownBy(() -> new SpawnBuilder("/bin/true", "ok", "a\0b").start())
                .isInstanceOf(SpawnException.class)
                .hasMessage("invalid null character in command: element 2, character 1")
                .hasMessageStartingWith(jdk)
                .asInstanceOf(type(SpawnException.class))
                .satisfies(refused -> {
                    assertThat(refused.stage()).isEqualTo(SpawnStage.REQUEST);
                    assertThat(refused.errno()).isZero();
                    assertThat(refused.errnoName()).isEmpty();
                });
    }

    @Test
    @DisplayName("F23: a NUL in the program's name is refused with its index")
    void nulInTheProgramIsRefused() {
        assertThatThrownBy(() -> new SpawnBuilder("/bin/tr\0ue").start())
                .isInstanceOf(SpawnException.class)
                .hasMessage("invalid null character in command: element 0, character 7");
    }

    @Test
    @DisplayName("F23: a NUL in the directory is refused, with the JDK's opening words")
    void nulInTheDirectoryIsRefused() {
        File directory = new File("/tmp/a\0b");
        assertThat(Outcome.of(() -> new ProcessBuilder("/bin/true")
                                .directory(directory)
                                .start())
                        .message())
                .startsWith("Cannot run program \"/bin/true\" (in directory \"/tmp/a\0b\"): ");

        assertThatThrownBy(
                        () -> new SpawnBuilder("/bin/true").directory(directory).start())
                .isInstanceOf(SpawnException.class)
                .hasMessage("Cannot run program \"/bin/true\" (in directory \"/tmp/a\0b\"): "
                        + "invalid null character in directory: character 6");
    }

    @Test
    void commandIsCheckedBeforeTheDirectory() {
        SpawnBuilder builder = new SpawnBuilder("a", "b\0").directory(new File("c\0"));
        assertThatThrownBy(builder::start).hasMessageStartingWith("invalid null character in command");
    }

    @Test
    void emptyArgumentsAreArguments() throws Exception {
        assertThat(new SpawnBuilder("a", "", "b").request().command()).containsExactly("a", "", "b");
    }

    @Test
    void directoryIsKeptAndMayBeTakenBack() throws Exception {
        File directory = new File("relative");
        SpawnBuilder builder = new SpawnBuilder("a");
        assertThat(builder.directory()).isNull();
        assertThat(builder.directory(directory)).isSameAs(builder);
        assertThat(builder.directory()).isSameAs(directory);
        assertThat(builder.request().directory()).isSameAs(directory);
        assertThat(builder.directory(null).request().directory()).isNull();
    }

    @Test
    void policyIsTheDefaultOneUntilSet() throws Exception {
        SpawnBuilder builder = new SpawnBuilder("a");
        assertThat(builder.policy()).isEqualTo(SpawnPolicy.defaults());
        assertThat(builder.policy(SpawnPolicy.dieWithParent())).isSameAs(builder);
        assertThat(builder.policy()).isSameAs(SpawnPolicy.dieWithParent());
        assertThat(builder.request().policy()).isSameAs(SpawnPolicy.dieWithParent());
    }

    @Test
    void startWithoutAnEngineSaysWhatIsMissing() {
        assertThatThrownBy(() -> new SpawnBuilder("/bin/true").start())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("spawn-native")
                .asInstanceOf(type(SpawnException.class))
                .extracting(SpawnException::stage)
                .isEqualTo(SpawnStage.SPAWNER);
    }
}
