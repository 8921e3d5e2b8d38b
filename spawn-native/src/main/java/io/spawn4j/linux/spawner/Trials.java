// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import io.spawn4j.Containment;
import io.spawn4j.ExitStatus;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.linux.child.Burial;
import io.spawn4j.linux.child.Launched;
import io.spawn4j.linux.child.RedirectFiles;
import io.spawn4j.linux.event.EventLoop;
import io.spawn4j.linux.kernel.Kernel;
import io.spawn4j.linux.tree.Rungs;
import io.spawn4j.spi.SpawnRequest;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts children for no other purpose than to see whether it works: what a host grants is found out by doing. */
final class Trials implements Rungs.Trial {
    /** A start, as the engine does it. */
    interface Launch {
        Launched launch(SpawnRequest request, RedirectFiles files, Containment containment) throws SpawnException;
    }

    /** Those who wait for the same trial wait as long, whatever their own start timeout is. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Kernel kernel;
    private final EventLoop loop;
    private final Launch engine;
    private volatile boolean helperWorks;

    Trials(EventLoop loop, Launch engine) {
        this.kernel = loop.kernel();
        this.loop = loop;
        this.engine = engine;
    }

    /**
     * Why no child can run spawn4j-init here, or null; found by doing, until it has worked once, in a child whose
     * program is spawn4j-init once more.
     */
    @Nullable
    String helperFailure() {
        if (helperWorks) {
            return null;
        }
        SpawnRequest request = trial(SpawnPolicy.builder().noNewPrivileges().build());
        try (RedirectFiles files = RedirectFiles.open(kernel, request)) {
            String end = Burial.bury(loop, engine.launch(request, files, Containment.NONE));
            helperWorks = end.equals(new ExitStatus.Exited(0).toString());
            return helperWorks ? null : "a test child ended with " + end;
        } catch (SpawnException e) {
            return e.getMessage();
        }
    }

    @Override
    public @Nullable SpawnException attempt(Containment containment) {
        SpawnRequest request = trial(SpawnPolicy.builder()
                .containment(containment)
                .startTimeout(TIMEOUT)
                .build());
        try (RedirectFiles files = RedirectFiles.open(kernel, request)) {
            Launched child = engine.launch(request, files, containment);
            child.kill(kernel);
            Burial.bury(loop, child);
            return null;
        } catch (SpawnException e) {
            return e;
        }
    }

    /** A start of spawn4j-init as the program, which ends at once. */
    private static SpawnRequest trial(SpawnPolicy policy) {
        return new SpawnRequest(
                List.of("/proc/self/exe"),
                null,
                null,
                Redirect.DISCARD,
                Redirect.DISCARD,
                Redirect.DISCARD,
                false,
                policy);
    }
}
