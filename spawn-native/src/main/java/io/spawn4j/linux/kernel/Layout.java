// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

/** Sizes and offsets of the C core's structures, asked from the core when it is loaded. */
public final class Layout {
    public static final int ABI_VERSION = 1;

    /** {@code struct s4j_place}: source (4 bytes), target (4 bytes). */
    public static final int PLACE_BYTES = 8;

    /** {@code struct s4j_limit}: resource (4 bytes), unused (4 bytes), soft and hard (8 bytes each). */
    public static final int LIMIT_BYTES = 24;

    public final int spawnerBytes;
    public final int spawnerTaken;
    public final int spawnerThread;
    public final int spawnerAvoid;
    public final int spawnerTid;
    public final int spawnerControl;
    public final int spawnerControlPeer;
    public final int spawnerTable;
    public final int spawnerCloseRangeError;
    public final int spawnerUnshareError;
    public final int spawnerSchedulingError;
    public final int spawnerClone3Error;
    public final int spawnerPidfdError;

    public final int slotBytes;
    public final int busy;
    public final int state;
    public final int argv;
    public final int envp;
    public final int candidates;
    public final int directory;
    public final int blocked;
    public final int ignored;
    public final int affinity;
    public final int limits;
    public final int files;
    public final int places;
    public final int affinityBytes;
    public final int limitCount;
    public final int fileCount;
    public final int placeCount;
    public final int channels;
    public final int flags;
    public final int deathSignal;
    public final int group;
    public final int umask;
    public final int nice;
    public final int helper;
    public final int pid;
    public final int stage;
    public final int error;
    public final int descriptors;

    private final CoreLibrary core;

    /** @throws StartFailure if the core is of another version, or does not know a name */
    public Layout(CoreLibrary core) throws StartFailure {
        this.core = core;
        int version = core.abiVersion();
        if (version != ABI_VERSION) {
            throw new StartFailure("libspawn4j.so speaks ABI version " + version + ", and this jar " + ABI_VERSION);
        }
        spawnerBytes = ask("spawner");
        spawnerTaken = ask("spawner.taken");
        spawnerThread = ask("spawner.thread");
        spawnerAvoid = ask("spawner.avoid");
        spawnerTid = ask("spawner.tid");
        spawnerControl = ask("spawner.control_jvm");
        spawnerControlPeer = ask("spawner.control_peer");
        spawnerTable = ask("spawner.table");
        spawnerCloseRangeError = ask("spawner.close_range_error");
        spawnerUnshareError = ask("spawner.unshare_error");
        spawnerSchedulingError = ask("spawner.scheduling_error");
        spawnerClone3Error = ask("spawner.clone3_error");
        spawnerPidfdError = ask("spawner.pidfd_error");
        slotBytes = ask("slot");
        busy = ask("slot.busy");
        state = ask("slot.state");
        argv = ask("slot.argv");
        envp = ask("slot.envp");
        candidates = ask("slot.candidates");
        directory = ask("slot.directory");
        blocked = ask("slot.blocked");
        ignored = ask("slot.ignored");
        affinity = ask("slot.affinity");
        limits = ask("slot.limits");
        files = ask("slot.files");
        places = ask("slot.places");
        affinityBytes = ask("slot.affinity_bytes");
        limitCount = ask("slot.limit_count");
        fileCount = ask("slot.file_count");
        placeCount = ask("slot.place_count");
        channels = ask("slot.channels");
        flags = ask("slot.flags");
        deathSignal = ask("slot.death_signal");
        group = ask("slot.group");
        umask = ask("slot.umask");
        nice = ask("slot.nice");
        helper = ask("slot.helper");
        pid = ask("slot.pid");
        stage = ask("slot.stage");
        error = ask("slot.error");
        descriptors = ask("slot.descriptors");
        expect("place", PLACE_BYTES);
        expect("limit", LIMIT_BYTES);
        expect("event", Kernel.EVENT_BYTES);
        expect("event.token", 0);
        expect("event.events", Long.BYTES);
        expect("exit", ExitRecord.BYTES);
        expect("exit.code", ExitRecord.CODE);
        expect("exit.status", ExitRecord.STATUS);
        expect("exit.user_micros", ExitRecord.USER_MICROS);
        expect("exit.system_micros", ExitRecord.SYSTEM_MICROS);
        expect("exit.max_rss_kib", ExitRecord.MAX_RSS_KIB);
        expect("exit.minor_faults", ExitRecord.MINOR_FAULTS);
        expect("exit.major_faults", ExitRecord.MAJOR_FAULTS);
        expect("exit.blocks_in", ExitRecord.BLOCKS_IN);
        expect("exit.blocks_out", ExitRecord.BLOCKS_OUT);
        expect("exit.voluntary", ExitRecord.VOLUNTARY);
        expect("exit.involuntary", ExitRecord.INVOLUNTARY);
    }

    private int ask(String name) throws StartFailure {
        int value = core.layout(name);
        if (value < 0) {
            throw new StartFailure("libspawn4j.so knows no '" + name + "'");
        }
        return value;
    }

    // The posix_spawn engine writes these records too, without the core: their layout is fixed.
    private void expect(String name, int value) throws StartFailure {
        int asked = ask(name);
        if (asked != value) {
            throw new StartFailure("libspawn4j.so puts '" + name + "' at " + asked + ", and this jar at " + value);
        }
    }
}
