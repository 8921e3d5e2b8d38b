// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import io.spawn4j.spi.OrphanReaping;
import io.spawn4j.spi.SpawnProvider;
import io.spawn4j.spi.SpawnRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** An engine that starts nothing and says so. Public, with a public constructor, so that ServiceLoader can load it. */
public class FakeProvider implements SpawnProvider {
    private final String name;
    private final int priority;
    private final String unavailable;
    private int asked;

    /** As ServiceLoader makes it. */
    public FakeProvider() {
        this("fake", 1, null);
    }

    FakeProvider(String name, int priority, String unavailable) {
        this.name = name;
        this.priority = priority;
        this.unavailable = unavailable;
    }

    int asked() {
        return asked;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int priority() {
        return priority;
    }

    @Override
    public Optional<String> unavailable() {
        asked++;
        return Optional.ofNullable(unavailable);
    }

    @Override
    public ChildProcess spawn(SpawnRequest request) throws SpawnException {
        throw new SpawnException(name + " got " + request.command(), SpawnStage.CLONE, 0, "", null);
    }

    @Override
    public List<ChildProcess> spawnPipeline(List<SpawnRequest> requests) throws SpawnException {
        throw new SpawnException(name + " got " + requests.size(), SpawnStage.CLONE, 0, "", null);
    }

    @Override
    public String mechanism() {
        return "made up";
    }

    @Override
    public List<HostAbility> abilities() {
        return List.of(new HostAbility("nothing", false, "it is a fake"));
    }

    @Override
    public void shutdown() {
        asked = 0;
    }

    @Override
    public OrphanReaping reapOrphans(Duration grace) {
        throw new IllegalStateException(name + " got " + grace);
    }

    /** A provider whose constructor fails, as one does whose native library is missing. */
    public static final class Broken extends FakeProvider {
        /** As ServiceLoader makes it. */
        public Broken() {
            throw new UnsupportedOperationException("broken on purpose");
        }
    }
}
