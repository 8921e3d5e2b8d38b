// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.spawn4j.ChildProcess;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.linux.support.NestedJvm;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the caller leaves behind: neither its class loader nor its thread's variables. */
class ClassLoaderTest {
    /**
     * Uses the library in every way that starts a thread, and returns a child that lives on. Loaded by a loader of its
     * own.
     */
    public static final class Caller implements Callable<Process> {
        private static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();
        private static final InheritableThreadLocal<Object> INHERITABLE = new InheritableThreadLocal<>();

        /** For {@code newInstance}. */
        public Caller() {}

        @Override
        public Process call() throws Exception {
            LOCAL.set(this);
            INHERITABLE.set(this);
            ChildProcess cat = new SpawnBuilder("cat").start();
            CompletableFuture<Caller> callback = cat.onExit().thenApply(ended -> this);
            cat.outputWriter(StandardCharsets.US_ASCII).write("word");
            cat.outputWriter(StandardCharsets.US_ASCII).close();
            assertThat(new String(cat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("word");
            assertThat(callback.get(60, TimeUnit.SECONDS)).isSameAs(this);
            assertThatThrownBy(() -> new SpawnBuilder("/nonexistent").start()).isInstanceOf(IOException.class);
            outliveAChild();
            return new SpawnBuilder("sleep", "100")
                    .policy(SpawnPolicy.builder().build())
                    .start();
        }

        // The cleaner's thread.
        private static void outliveAChild() throws Exception {
            ChildProcess parent = new SpawnBuilder("sh", "-c", "sleep 100 & echo $! >&2").start();
            String grandchild = parent.errorReader().readLine();
            parent.waitFor();
            parent.getInputStream().close();
            parent.getErrorStream().close();
            ProcessHandle.of(Long.parseLong(grandchild)).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** The same as the library's first use in its JVM. */
    public static final class FirstUse {
        private FirstUse() {}

        /** Runs it. */
        public static void main(String[] unused) throws Exception {
            useAndForget();
        }
    }

    /** The first use of ProcessBuilder in its JVM: its reaper thread has the loader of the caller, or has not. */
    public static final class FirstUseOfProcessBuilder {
        private FirstUseOfProcessBuilder() {}

        /** Runs it. */
        public static void main(String[] unused) throws Exception {
            ClassLoader loader = new URLClassLoader(new URL[0]);
            Thread.currentThread().setContextClassLoader(loader);
            Process child = new ProcessBuilder("cat").start();
            Thread reaper = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("process reaper"))
                    .findFirst()
                    .orElseThrow();
            System.out.println("caller's loader: " + (reaper.getContextClassLoader() == loader));
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    @DisplayName("F26: a thread of ProcessBuilder keeps the caller's class loader, on JDK 17")
    void processBuildersThreadKeepsTheCallersLoader() {
        String output =
                NestedJvm.of(FirstUseOfProcessBuilder.class).run().orThrow().strip();
        System.out.println("F26: ProcessBuilder's reaper has the " + output);
        // Younger ones have learnt better.
        if (Runtime.version().feature() == 17) {
            assertThat(output).as("ProcessBuilder fails this test").isEqualTo("caller's loader: true");
        }
    }

    @Test
    @DisplayName("F26: the caller's class loader and thread-locals are collected")
    void callersLoaderIsCollected() throws Exception {
        useAndForget();
    }

    @Test
    @DisplayName("F26: those of the very first caller, too")
    void firstCallersLoaderIsCollected() {
        NestedJvm.of(FirstUse.class).run().orThrow();
    }

    private static void useAndForget() throws Exception {
        FutureTask<Process> task = new FutureTask<>(new LoadedCaller());
        WeakReference<ClassLoader> loader = run(task);
        Process alive = task.get();
        try {
            await().until(() -> {
                System.gc();
                return loader.get() == null;
            });
            assertThat(alive.isAlive()).isTrue();
        } finally {
            alive.destroyForcibly();
        }
    }

    private static WeakReference<ClassLoader> run(FutureTask<Process> task) throws Exception {
        Thread thread = new Thread(task, "caller");
        URLClassLoader loader = new OwnLoader();
        thread.setContextClassLoader(loader);
        thread.start();
        thread.join();
        loader.close();
        return new WeakReference<>(loader);
    }

    private static final class LoadedCaller implements Callable<Process> {
        @Override
        @SuppressWarnings("unchecked")
        public Process call() throws Exception {
            ClassLoader loader = Thread.currentThread().getContextClassLoader();
            Class<?> caller = Class.forName(Caller.class.getName(), true, loader);
            assertThat(caller.getClassLoader()).isSameAs(loader);
            return ((Callable<Process>) caller.getConstructor().newInstance()).call();
        }
    }

    /** Loads the caller itself, everything else from above. */
    private static final class OwnLoader extends URLClassLoader {
        OwnLoader() throws IOException {
            super(new URL[] {testClasses()}, ClassLoaderTest.class.getClassLoader());
        }

        private static URL testClasses() throws IOException {
            String classPath = System.getProperty("spawn4j.test.classpath");
            return Path.of(classPath.split(":")[0]).toUri().toURL();
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                if (!name.startsWith(Caller.class.getName())) {
                    return super.loadClass(name, resolve);
                }
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }
}
