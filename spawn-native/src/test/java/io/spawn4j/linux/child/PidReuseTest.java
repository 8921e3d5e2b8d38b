// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.spawn4j.ChildProcess;
import io.spawn4j.ExitStatus;
import io.spawn4j.Signal;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.linux.support.Ability;
import io.spawn4j.linux.support.NestedJvm;
import io.spawn4j.linux.support.Requires;
import io.spawn4j.linux.support.Scale;
import io.spawn4j.linux.support.TestTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Numbers of dead children that other processes get: in a pid namespace of their own, where the next number can be
 * chosen.
 */
@Requires({Ability.ROOT, Ability.MOUNT})
class PidReuseTest {
    private static final Path LAST_PID = Path.of("/proc/sys/kernel/ns_last_pid");
    private static final int SIGNALLERS = 3;

    /** A child's number goes to another process, which nothing that is done to the child must reach. */
    public static final class SameNumber {
        private SameNumber() {}

        /** Runs it. */
        public static void main(String[] unused) throws Exception {
            int reused = 0;
            while (reused < Scale.of(20)) {
                ChildProcess child = new SpawnBuilder("/bin/true").start();
                child.waitFor();
                Process stranger = reuse(child.pid());
                if (stranger == null) {
                    continue;
                }
                reused++;
                child.signal(Signal.SIGKILL);
                child.destroy();
                child.destroyForcibly();
                child.toHandle().destroyForcibly();
                assertThat(child.toHandle().isAlive()).isFalse();
                assertThat(child.info().command()).isEmpty();
                assertThat(child.descendants()).isEmpty();
                stranger.getOutputStream().close();
                assertThat(stranger.waitFor()).isEqualTo(5);
            }
            System.out.println("spared");
        }

        // With a program's full path: libc's posix_spawn takes a number for every directory of the PATH.
        private static Process reuse(long pid) throws IOException {
            for (int attempt = 0; attempt < 10; attempt++) {
                Files.writeString(LAST_PID, Long.toString(pid - 1));
                Process process = new SpawnBuilder("/bin/sh", "-c", "read x; exit 5").start();
                if (process.pid() == pid) {
                    return process;
                }
                process.destroyForcibly();
            }
            // A new thread of this JVM has taken the number.
            return null;
        }
    }

    /** Signals in the very moment in which children end, while their numbers go round. */
    public static final class Churn {
        private static volatile boolean over;

        private Churn() {}

        /** Runs it. */
        public static void main(String[] unused) throws Exception {
            int lowest = 300 + (int) ProcessHandle.current().pid();
            ExecutorService threads = Executors.newCachedThreadPool();
            List<Future<Void>> signallers = new ArrayList<>();
            var pids = ConcurrentHashMap.<Long>newKeySet();
            for (int i = 0; i < SIGNALLERS; i++) {
                signallers.add(threads.submit(signaller(pids)));
            }
            Future<Void> numbers = threads.submit(() -> {
                while (!over) {
                    Files.writeString(LAST_PID, Integer.toString(lowest));
                    TimeUnit.MILLISECONDS.sleep(2);
                }
                return null;
            });
            Future<Integer> bystanders = threads.submit(Churn::bystanders);
            for (Future<Void> signaller : signallers) {
                signaller.get();
            }
            over = true;
            numbers.get();
            System.out.println("children " + SIGNALLERS * Scale.of(700) + " on " + pids.size() + " numbers, bystanders "
                    + bystanders.get());
            System.exit(0);
        }

        private static Callable<Void> signaller(Set<Long> pids) {
            return () -> {
                Random random = new Random(1);
                for (int i = 0; i < Scale.of(700); i++) {
                    ChildProcess child = new SpawnBuilder(TestTools.command("tiny")).start();
                    pids.add(child.pid());
                    do {
                        child.signal(random.nextBoolean() ? Signal.SIGKILL : Signal.SIGTERM);
                    } while (child.isAlive());
                    for (int more = 0; more < 5; more++) {
                        child.signal(Signal.SIGKILL);
                    }
                    child.destroyForcibly();
                }
                return null;
            };
        }

        // Nobody signals them: each ends as it likes, when told.
        private static int bystanders() throws Exception {
            int count = 0;
            while (!over) {
                ChildProcess bystander = new SpawnBuilder("sh", "-c", "read x; exit 3").start();
                TimeUnit.MILLISECONDS.sleep(2);
                bystander.getOutputStream().close();
                ExitStatus end = bystander.exitStatus();
                bystander.destroy();
                assertThat(end).isEqualTo(new ExitStatus.Exited(3));
                count++;
            }
            return count;
        }
    }

    @Test
    @DisplayName("F15: what is done to a dead child never reaches the process that has its number now")
    void deadChildsNumberIsAStrangers() {
        assertThat(inNamespace(SameNumber.class)).contains("spared");
    }

    @Test
    @DisplayName("F15: signals to children that are just ending reach nobody else while few numbers go round fast")
    void endingChildrenAmongBystanders() {
        System.out.println("F15: " + inNamespace(Churn.class).strip());
    }

    private static String inNamespace(Class<?> main) {
        return NestedJvm.of(main)
                .through("unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "--")
                .run()
                .orThrow();
    }
}
