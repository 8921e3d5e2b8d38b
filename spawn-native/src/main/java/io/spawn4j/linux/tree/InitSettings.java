// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import io.spawn4j.Capability;
import io.spawn4j.Containment;
import io.spawn4j.Signal;
import io.spawn4j.SpawnException;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.SpawnStage;
import io.spawn4j.UnsupportedPolicyException;
import io.spawn4j.linux.child.Failures;
import io.spawn4j.linux.kernel.CLibrary;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.StartFailure;
import io.spawn4j.spi.SpawnRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What spawn4j-init is to do for one request. */
public final class InitSettings {
    /** The death signal of a supervising spawn4j-init itself: it tells that from others by its sender. */
    public static final int JVM_GONE_SIGNAL = Signal.SIGTERM.number();

    /** The thread that will clone spawn4j-init, and which system call that one is to clone with. */
    public record Parent(int tid, boolean usesClone3) {}

    private final SpawnRequest request;
    private final SpawnPolicy policy;
    private final Containment containment;
    private final Parent parent;
    private final Credentials credentials;
    private final long leaf;

    private InitSettings(SpawnRequest request, Containment containment, Parent parent, CLibrary libc)
            throws SpawnException {
        this.request = request;
        this.policy = request.policy();
        this.containment = containment;
        this.parent = parent;
        this.credentials = Credentials.of(request, libc);
        this.leaf = containment == Containment.CGROUP ? LeafParent.nextSerial() : 0;
    }

    /** For a policy that needs spawn4j-init. */
    public static InitSettings of(SpawnRequest request, Containment containment, Parent parent, CLibrary libc)
            throws SpawnException {
        InitSettings settings = new InitSettings(request, containment, parent, libc);
        settings.checkDeathSignal();
        return settings;
    }

    SpawnPolicy policy() {
        return policy;
    }

    Credentials credentials() {
        return credentials;
    }

    boolean avoidsClone3() {
        return !parent.usesClone3();
    }

    /** {@link Containment#NONE}: spawn4j-init becomes the program. Any other: it stays, and supervises. */
    public Containment containment() {
        return containment;
    }

    public boolean supervises() {
        return containment != Containment.NONE;
    }

    /** The number in the name of the cgroup that spawn4j-init makes. */
    public long leaf() {
        return leaf;
    }

    // The kernel sends the signal with the rights of the thread that dies, the spawner.
    private void checkDeathSignal() throws SpawnException {
        if (policy.user().isEmpty() || (policy.parentDeathSignal().isEmpty() && !supervises())) {
            return;
        }
        Path file = Path.of("/proc/self/task/" + parent.tid() + "/status");
        String status;
        try {
            status = Files.readString(file);
        } catch (IOException e) {
            throw Failures.unprepared(request, SpawnStage.REQUEST, new StartFailure(file + ": " + e.getMessage(), e));
        }
        long effective = Long.parseUnsignedLong(field(status, "CapEff:"), 16);
        long euid = Long.parseLong(field(status, "Uid:").split("\\s+", 3)[1]);
        if (euid != credentials.uid() && (effective & 1L << Capability.CAP_KILL.number()) == 0) {
            throw new UnsupportedPolicyException(
                    Failures.opening(request),
                    supervises() ? "containment" : "parentDeathSignal",
                    "the kernel's kill of another user's child",
                    SpawnStage.PARENT_DEATH,
                    Errno.EPERM,
                    Errno.name(Errno.EPERM),
                    "CAP_KILL");
        }
    }

    private static String field(String status, String name) {
        int at = status.indexOf("\n" + name) + 1 + name.length();
        return status.substring(at, status.indexOf('\n', at)).strip();
    }
}
