// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spawn4j.linux.support.Command;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the linker made of the C core, and what the core says of itself. */
class CoreLibraryTest {
    private static final List<String> ARCHITECTURES = List.of("x86_64", "aarch64");

    private static CoreLibrary core;

    @TempDir
    Path directory;

    @BeforeAll
    static void load() throws StartFailure {
        core = CoreLoader.load(Jffi.open()).core();
    }

    /** The architectures that this build has a core for. */
    static Stream<String> built() {
        return ARCHITECTURES.stream().filter(architecture -> image(architecture) != null);
    }

    @Test
    void hostsArchitectureIsBuilt() {
        String host = Command.run("uname", "-m").orThrow().strip();
        assertThat(built()).contains(host);
    }

    @ParameterizedTest
    @MethodSource("built")
    void needsNoLibrary(String architecture) throws IOException {
        String dynamic = readelf(architecture, "-d");
        assertThat(dynamic).contains("NODELETE").contains("NOW").contains("[libspawn4j.so]");
        assertThat(dynamic).doesNotContain("(NEEDED)").doesNotContain("TEXTREL").doesNotContain("(INIT");
    }

    @ParameterizedTest
    @MethodSource("built")
    void helperIsStaticSmallAndNeedsNoRelocation(String architecture) throws IOException {
        byte[] helper;
        try (InputStream resource =
                CoreLibrary.class.getResourceAsStream("/io/spawn4j/linux/" + architecture + "/spawn4j-init")) {
            helper = resource.readAllBytes();
        }
        assertThat(helper).hasSizeLessThan(16 * 1024);
        Path file = Files.write(directory.resolve("spawn4j-init"), helper);
        String said = Command.run("readelf", "-W", "-h", "-l", "-r", "-d", file.toString())
                .orThrow();
        assertThat(said)
                .contains("EXEC (Executable file)", "There are no relocations", "There is no dynamic section")
                .doesNotContain("INTERP", "RWE");
    }

    @ParameterizedTest
    @MethodSource("built")
    void takesNothingButPthreadCreate(String architecture) throws IOException {
        assertThat(symbols(architecture, "UND")).containsExactly("pthread_create");
    }

    @ParameterizedTest
    @MethodSource("built")
    void exportsItsOwnNamesAndNoOther(String architecture) throws IOException {
        Set<String> exported = new HashSet<>(symbols(architecture, "\\d+"));
        assertThat(exported).allMatch(name -> name.startsWith("s4j_"));
        Set<String> bound = new HashSet<>();
        Stream.of(CoreLibrary.class.getMethods()).forEach(method -> bound.add("s4j_" + cName(method.getName())));
        assertThat(exported).isEqualTo(bound);
    }

    @ParameterizedTest
    @MethodSource("built")
    void hasNoThreadLocalsAndNoExecutableStack(String architecture) throws IOException {
        String headers = readelf(architecture, "-l");
        assertThat(headers).containsPattern("GNU_STACK(\\s+0x0+){5} RW ").contains("GNU_RELRO");
        assertThat(headers).doesNotContainPattern("(?m)^\\s*TLS\\s").doesNotContain("RWE");
    }

    @Test
    void javaAndTheCoreAgreeOnVersionAndLayout() throws StartFailure, IllegalAccessException {
        assertThat(core.abiVersion()).isEqualTo(Layout.ABI_VERSION);
        Layout layout = new Layout(core);
        Map<Integer, String> spawner = new HashMap<>();
        Map<Integer, String> slot = new HashMap<>();
        for (Field field : Layout.class.getDeclaredFields()) {
            if (field.getType() != int.class || Modifier.isStatic(field.getModifiers())) {
                continue;
            }
            String name = field.getName();
            int value = field.getInt(layout);
            if (name.endsWith("Bytes") && !name.equals("affinityBytes")) {
                assertThat(value).as(name).isPositive();
                continue;
            }
            boolean ofSpawner = name.startsWith("spawner");
            assertThat(value).as(name).isBetween(0, (ofSpawner ? layout.spawnerBytes : layout.slotBytes) - 4);
            assertThat((ofSpawner ? spawner : slot).put(value, name)).as(name).isNull();
        }
        assertThat(spawner).hasSizeGreaterThan(8);
        assertThat(slot).hasSizeGreaterThan(20);
    }

    @Test
    void unknownNamesAreRefused() {
        assertThat(core.layout("slot.argv")).isNotNegative();
        assertThat(Stream.of("", "slot.", "slot.arg", "slot.argvs", "spawner.nonsense")
                        .mapToInt(core::layout))
                .containsOnly(-1);
    }

    @Test
    void coreOfAnotherVersionIsRefused() {
        CoreLibrary other = variant("abiVersion", name -> Layout.ABI_VERSION + 1);
        assertThatThrownBy(() -> new Layout(other))
                .isInstanceOf(StartFailure.class)
                .hasMessage("libspawn4j.so speaks ABI version " + (Layout.ABI_VERSION + 1) + ", and this jar "
                        + Layout.ABI_VERSION);
    }

    @Test
    void coreThatLacksAFieldIsRefused() {
        CoreLibrary other = variant("layout", name -> name.equals("slot.umask") ? -1 : core.layout(name));
        assertThatThrownBy(() -> new Layout(other))
                .isInstanceOf(StartFailure.class)
                .hasMessage("libspawn4j.so knows no 'slot.umask'");
    }

    @Test
    void coreThatMovedAFixedFieldIsRefused() {
        CoreLibrary other = variant("layout", name -> core.layout(name) + (name.equals("exit.status") ? 4 : 0));
        assertThatThrownBy(() -> new Layout(other))
                .isInstanceOf(StartFailure.class)
                .hasMessage("libspawn4j.so puts 'exit.status' at 8, and this jar at 4");
    }

    /** The core, but for one method with an int result. */
    private static CoreLibrary variant(String changed, ToIntFunction<String> answer) {
        return (CoreLibrary) Proxy.newProxyInstance(
                CoreLibrary.class.getClassLoader(), new Class<?>[] {CoreLibrary.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals(changed)) {
                        return answer.applyAsInt(arguments == null ? "" : (String) arguments[0]);
                    }
                    try {
                        return method.invoke(core, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private List<String> symbols(String architecture, String section) throws IOException {
        Pattern line = Pattern.compile("(?m)^ *\\d+: \\p{XDigit}+ +\\d+ (?:FUNC|NOTYPE|OBJECT) +(?:GLOBAL|WEAK) +\\S+ +"
                + section + " (\\S+)$");
        List<String> names = new ArrayList<>();
        line.matcher(readelf(architecture, "--dyn-syms")).results().forEach(match -> names.add(match.group(1)));
        return names;
    }

    private String readelf(String architecture, String option) throws IOException {
        Path file = Files.write(directory.resolve(architecture + ".so"), image(architecture));
        return Command.run("readelf", "-W", option, file.toString()).orThrow();
    }

    static byte[] image(String architecture) {
        try (InputStream resource =
                CoreLibrary.class.getResourceAsStream("/io/spawn4j/linux/" + architecture + "/libspawn4j.so")) {
            return resource == null ? null : resource.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** "slotNew" to "slot_new". */
    private static String cName(String method) {
        return method.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
