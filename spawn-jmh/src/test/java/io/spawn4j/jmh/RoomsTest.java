// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Which package knows which, in all three modules, as they are compiled: the picture at the top of
 * docs/architecture.md.
 */
class RoomsTest {
    private static final String ENGINES = "io.spawn4j.linux";
    private static final String BENCHMARKS = "io.spawn4j.jmh";
    private static final int LEAST_CLASSES = 200;

    private static JavaClasses all;

    @BeforeAll
    static void read() {
        // Directories or, once the modules are packaged, jars.
        List<Location> compiled = Stream.of(ClassPath.all().split(File.pathSeparator))
                .filter(entry -> entry.contains("spawn-") && !entry.contains("test-classes"))
                .map(RoomsTest::location)
                .toList();
        all = new ClassFileImporter().importLocations(compiled);
        assertThat(all).hasSizeGreaterThan(LEAST_CLASSES);
    }

    private static Location location(String entry) {
        URI uri = Path.of(entry).toUri();
        return Location.of(entry.endsWith(".jar") ? URI.create("jar:" + uri + "!/") : uri);
    }

    /** No arrow leads up, nor from one room to its neighbour on the same floor, but where this says so. */
    @Test
    void enginesRoomsStandOnFloors() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage(ENGINES + "..")
                .layer("providers")
                .definedBy(ENGINES)
                .layer("spawner")
                .definedBy(ENGINES + ".spawner")
                .layer("posix")
                .definedBy(ENGINES + ".posix")
                .layer("tree")
                .definedBy(ENGINES + ".tree")
                .layer("child")
                .definedBy(ENGINES + ".child")
                .layer("stream")
                .definedBy(ENGINES + ".stream")
                .layer("orphan")
                .definedBy(ENGINES + ".orphan")
                .layer("event")
                .definedBy(ENGINES + ".event")
                .layer("kernel")
                .definedBy(ENGINES + ".kernel")
                .ensureAllClassesAreContainedInArchitectureIgnoring(outsideOf(ENGINES))
                .whereLayer("providers")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("spawner")
                .mayOnlyBeAccessedByLayers("providers")
                .whereLayer("posix")
                .mayOnlyBeAccessedByLayers("providers")
                .whereLayer("orphan")
                .mayOnlyBeAccessedByLayers("providers")
                .whereLayer("tree")
                .mayOnlyBeAccessedByLayers("spawner")
                .whereLayer("child")
                .mayOnlyBeAccessedByLayers("tree", "posix", "spawner", "providers")
                .whereLayer("stream")
                .mayOnlyBeAccessedByLayers("child")
                .whereLayer("event")
                .mayOnlyBeAccessedByLayers("stream", "orphan", "child", "tree", "posix", "spawner", "providers")
                .whereLayer("kernel")
                .mayOnlyBeAccessedByLayers(
                        "event", "stream", "orphan", "child", "tree", "posix", "spawner", "providers")
                .check(all);
    }

    @Test
    void benchmarksPackagesKnowEachOtherInNoCircle() {
        slices().matching(BENCHMARKS + "..(*)").should().beFreeOfCycles().check(all);
    }

    /** The API and its SPI may know each other, as java.nio.file and its spi do; no two files may, by whatever way. */
    @Test
    void noFilesKnowEachOtherInACircle() {
        slices().assignedFrom(new SourceFiles()).should().beFreeOfCycles().check(all);
    }

    private static DescribedPredicate<JavaClass> outsideOf(String root) {
        return new DescribedPredicate<>("outside of " + root) {
            @Override
            public boolean test(JavaClass type) {
                return !type.getPackageName().startsWith(root);
            }
        };
    }

    /** A top-level class with all that is nested in it. */
    private static final class SourceFiles implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            if (!type.getPackageName().startsWith("io.spawn4j")
                    || type.getPackageName().contains("jmh_generated")) {
                return SliceIdentifier.ignore();
            }
            JavaClass outer = type;
            while (outer.getEnclosingClass().isPresent()) {
                outer = outer.getEnclosingClass().get();
            }
            return SliceIdentifier.of(outer.getName());
        }

        @Override
        public String getDescription() {
            return "source files";
        }
    }
}
