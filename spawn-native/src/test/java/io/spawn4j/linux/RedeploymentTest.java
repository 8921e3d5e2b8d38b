// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import static io.spawn4j.linux.support.UserCode.STARTED;
import static io.spawn4j.linux.support.UserCode.engine;
import static io.spawn4j.linux.support.UserCode.say;
import static io.spawn4j.linux.support.UserCode.shutDown;
import static io.spawn4j.linux.support.UserCode.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.ChildProcess;
import io.spawn4j.ExitStatus;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.linux.support.Jars;
import io.spawn4j.linux.support.NestedSuite;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application with a copy of the library of its own is deployed in a JVM that goes on, and undeployed. */
@Tag(NestedSuite.MAIN_ONLY)
class RedeploymentTest {
    private static final String IN_USE = "refused: the spawn4j engine is in use: ";

    /** What the application does, in its own words. */
    private static final String ACCOUNT = String.join(
            "; ",
            STARTED,
            IN_USE + "1 child lives",
            STARTED,
            "0",
            IN_USE + "2 descriptors of children or their streams are open", // those that a grandchild holds
            STARTED,
            STARTED,
            "shut down",
            STARTED,
            "shut down");

    /** The application: what its run says is its account. Loaded by the server's class loader for it. */
    public static final class Application implements Supplier<String> {
        /** For the server. */
        public Application() {}

        @Override
        public String get() {
            try {
                return String.join(
                        "; ",
                        start(),
                        whileAChildLives(),
                        whileAStreamIsOpen(),
                        manyKinds(),
                        shutDown(),
                        start(),
                        shutDown());
            } catch (IOException | InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }

        private static String whileAChildLives() throws IOException, InterruptedException {
            ChildProcess cat = new SpawnBuilder("cat").start();
            String refusal = shutDown();
            String meanwhile = start();
            cat.getOutputStream().close();
            return refusal + "; " + meanwhile + "; " + cat.waitFor();
        }

        // A grandchild holds it.
        private static String whileAStreamIsOpen() throws IOException, InterruptedException {
            ChildProcess child = new SpawnBuilder("sh", "-c", "sleep 1000 & echo $!; exec >&-").start();
            long grandchild = Long.parseLong(child.inputReader().readLine());
            child.waitFor();
            String refusal = shutDown();
            String meanwhile = start();
            ProcessHandle.of(grandchild).orElseThrow().destroyForcibly();
            child.getErrorStream().readAllBytes();
            child.getErrorStream().close();
            child.getInputStream().close();
            return refusal + "; " + meanwhile;
        }

        private static String manyKinds() throws IOException, InterruptedException, ExecutionException {
            List<ChildProcess> children = new ArrayList<>(SpawnBuilder.startPipeline(List.of(
                    new SpawnBuilder("echo", "word"), new SpawnBuilder("cat").redirectOutput(Redirect.DISCARD))));
            if (engine().equals("native")) { // which tries all kinds of containment
                children.add(
                        new SpawnBuilder("true").policy(SpawnPolicy.contained()).start());
            }
            children.add(new SpawnBuilder("true").start());
            for (ChildProcess child : children) {
                if (!child.onExitStatus().get().equals(new ExitStatus.Exited(0))) {
                    return child.exitStatus().toString();
                }
                child.getErrorStream().close();
                child.getInputStream().close();
            }
            return start();
        }
    }

    /** The JVM. */
    public static final class Server {
        private static final Pattern THE_JVMS = Pattern.compile(
                "(C[12] |GC|G1|VM |Sweeper|Monitor|Notification|Service|Common-Cleaner|ForkJoinPool).*|.*\\.jar|.*/modules|/proc/.*");

        private static final int DEPLOYMENTS = 3;

        private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

        private Server() {}

        /** Deploys, undeploys, and says what is left. */
        public static void main(String[] arguments) throws Exception {
            account(); // loads what that takes
            say("before", account());
            for (int i = 0; i < DEPLOYMENTS; i++) {
                WeakReference<ClassLoader> loader = deploy();
                long began = System.nanoTime();
                while (loader.get() != null && System.nanoTime() - began < PATIENCE_NANOS) {
                    System.gc();
                    Thread.sleep(10);
                }
                say("collected", loader.get() == null);
                say("after", account());
            }
        }

        private static WeakReference<ClassLoader> deploy() throws Exception {
            List<URL> urls = new ArrayList<>();
            for (String jar : System.getProperty("java.class.path").split(File.pathSeparator)) {
                urls.add(Path.of(jar).toUri().toURL());
            }
            // Nothing of the library is above it.
            try (URLClassLoader loader =
                    new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
                Supplier<?> application = (Supplier<?>) loader.loadClass(Application.class.getName())
                        .getConstructor()
                        .newInstance();
                say("application", application.get());
                return new WeakReference<>(loader);
            }
        }

        /** Threads and descriptors in the kernel's words, but what the JVM takes for itself. */
        private static String account() throws IOException {
            List<String> all = new ArrayList<>();
            try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
                for (Path thread : (Iterable<Path>) threads::iterator) {
                    all.add(Files.readString(thread.resolve("comm")).strip());
                }
            }
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
                for (Path descriptor : (Iterable<Path>) descriptors::iterator) {
                    all.add(Files.readSymbolicLink(descriptor).toString());
                }
            }
            return all.stream()
                    .filter(name -> !THE_JVMS.matcher(name).matches())
                    .sorted()
                    .toList()
                    .toString();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "posix_spawn"})
    @DisplayName("F41: an application that ends its engine leaves no thread, no descriptor and no class loader")
    void nothingIsLeft(String engine) {
        List<String> said = Jars.jvm(Server.class)
                .property("io.spawn4j.engine", engine)
                .deadline(Duration.ofMinutes(3))
                .run()
                .orThrow()
                .lines()
                .toList();
        String account = said.get(0).replace("before: ", "");
        assertThat(account).doesNotContain("spawn4j-events").contains("java, java"); // the launcher and main
        List<String> expected = new ArrayList<>(List.of("before: " + account));
        for (int i = 0; i < Server.DEPLOYMENTS; i++) {
            expected.addAll(List.of("application: " + ACCOUNT, "collected: true", "after: " + account));
        }
        assertThat(said).isEqualTo(expected);
    }
}
