// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.spawner;

import io.spawn4j.ResourceLimit;
import io.spawn4j.Signal;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.linux.child.JvmEnvironment;
import io.spawn4j.linux.child.PolicyBits;
import io.spawn4j.linux.child.ProgramPath;
import io.spawn4j.linux.child.RedirectFiles;
import io.spawn4j.linux.kernel.CStrings;
import io.spawn4j.linux.kernel.Layout;
import io.spawn4j.linux.kernel.NativeMemory;
import io.spawn4j.linux.kernel.NativeStrings;
import io.spawn4j.linux.tree.CgroupFiles;
import io.spawn4j.linux.tree.InitArguments;
import io.spawn4j.linux.tree.InitSettings;
import io.spawn4j.spi.SpawnRequest;
import java.io.File;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes a request into a slot: strings and arrays into its data, everything else into its fields. */
final class RequestWriter {
    private static final int PLACE_CLOSED = -1;
    private static final int PLACE_PIPE = -2;
    private static final int CHANNEL_HELPER = 3;

    private static final int FLAG_SUPERVISES = 16;

    /** What makes the child exec spawn4j-init: this JVM's descriptor of it, and what it is to do. */
    record Helper(int image, InitSettings settings, CgroupFiles cgroups) {}

    /** What every child inherits whose environment nobody touched, encoded once. */
    private static volatile @Nullable NativeMemory inheritedEnvironment;

    private final Slot slot;
    private final Layout layout;
    private final ByteBuffer fields;
    private final SpawnRequest request;
    private final RedirectFiles files;
    private final @Nullable Helper helper;

    private RequestWriter(Slot slot, SpawnRequest request, RedirectFiles files, @Nullable Helper helper) {
        this.slot = slot;
        this.layout = slot.layout;
        this.fields = slot.fields;
        this.request = request;
        this.files = files;
        this.helper = helper;
    }

    static void write(Slot slot, SpawnRequest request, RedirectFiles files, @Nullable Helper helper) {
        new RequestWriter(slot, request, files, helper).write();
    }

    private void write() {
        SpawnPolicy policy = request.policy();
        List<byte[]> arguments = NativeStrings.encode(request.command());
        List<byte[]> candidates = ProgramPath.candidates(request, arguments.get(0));
        boolean supervised = helper != null && helper.settings().supervises();
        InitArguments.Descriptors own = helper == null ? null : ownDescriptors(helper.cgroups());
        if (helper != null && own != null) {
            arguments = InitArguments.of(helper.settings(), own, candidates, arguments);
            candidates = List.of();
        }
        Map<String, String> environment = request.environment();
        List<byte[]> variables =
                environment == null ? List.of() : JvmEnvironment.current().encode(environment);
        File directory = request.directory();
        byte @Nullable [] path = directory == null ? null : NativeStrings.encode(directory.getPath());
        // What is the program's alone is set in its own process then, not in that of the spawn4j-init which stays.
        byte[] cpus = supervised ? new byte[0] : policy.cpuAffinity().toByteArray();
        int affinityBytes = CStrings.align(cpus.length);
        Map<ResourceLimit, SpawnPolicy.Limit> limits = supervised ? Map.of() : policy.resourceLimits();
        int extra = files.extra.size();

        int size = Long.BYTES + CStrings.arrayBytes(arguments) + CStrings.arrayBytes(candidates);
        size = Math.addExact(size, CStrings.arrayBytes(variables));
        size = Math.addExact(size, path == null ? 0 : CStrings.align(path.length + 1));
        size = Math.addExact(size, affinityBytes + limits.size() * Layout.LIMIT_BYTES);
        size = Math.addExact(size, (extra + 6) * (Layout.PLACE_BYTES + Integer.BYTES) + Long.BYTES);
        CStrings out = new CStrings(slot.data(size));

        out.putLong(0); // room for the shell of a script without #!
        fields.putLong(layout.argv, out.putArray(arguments));
        fields.putLong(layout.candidates, out.putArray(candidates));
        fields.putLong(layout.envp, environment == null ? inheritedEnvironment().address : out.putArray(variables));
        fields.putLong(layout.directory, path == null ? 0 : out.putString(path));
        writeAffinity(out, cpus, affinityBytes);
        writeLimits(out, limits);
        writePlaces(out, own);
        if (supervised) {
            writeSupervisorsScalars();
        } else {
            writeScalars(policy);
        }
    }

    private static NativeMemory inheritedEnvironment() {
        NativeMemory known = inheritedEnvironment;
        if (known == null) {
            List<byte[]> assignments = JvmEnvironment.current().inherited();
            known = new NativeMemory(CStrings.arrayBytes(assignments));
            new CStrings(known).putArray(assignments);
            inheritedEnvironment = known;
        }
        return known;
    }

    private InitArguments.Descriptors ownDescriptors(CgroupFiles cgroups) {
        Set<Integer> used = files.extra.keySet();
        int above = 3;
        for (int number : used) {
            above = Math.max(above, number + 1);
        }
        int answer = lowestUnused(used, 3);
        int cgroup = cgroups.procs() < 0 ? -1 : lowestUnused(used, answer + 1);
        int leafParent = cgroups.leafParent() < 0 ? -1 : lowestUnused(used, Math.max(answer, cgroup) + 1);
        return new InitArguments.Descriptors(answer, cgroup, leafParent, above);
    }

    // Every signal stays blocked until spawn4j-init takes them from a descriptor.
    private void writeSupervisorsScalars() {
        fields.putInt(layout.flags, FLAG_SUPERVISES);
        fields.putInt(layout.deathSignal, InitSettings.JVM_GONE_SIGNAL);
        fields.putLong(layout.blocked, -1L);
        fields.putLong(layout.ignored, 0);
    }

    private void writeAffinity(CStrings out, byte[] cpus, int bytes) {
        fields.putInt(layout.affinityBytes, bytes);
        fields.putLong(layout.affinity, out.here());
        for (int word = 0; word < bytes; word += Long.BYTES) {
            long mask = 0;
            for (int i = word; i < Math.min(word + Long.BYTES, cpus.length); i++) {
                mask |= (cpus[i] & 0xffL) << (8 * (i - word));
            }
            out.putLong(mask);
        }
    }

    private void writeLimits(CStrings out, Map<ResourceLimit, SpawnPolicy.Limit> limits) {
        fields.putInt(layout.limitCount, limits.size());
        fields.putLong(layout.limits, out.here());
        for (Map.Entry<ResourceLimit, SpawnPolicy.Limit> entry : limits.entrySet()) {
            out.putInt(entry.getKey().number());
            out.putInt(0);
            out.putLong(entry.getValue().soft());
            out.putLong(entry.getValue().hard());
        }
    }

    private static int lowestUnused(Set<Integer> used, int first) {
        int number = first;
        while (used.contains(number)) {
            number++;
        }
        return number;
    }

    private void writePlaces(CStrings out, InitArguments.@Nullable Descriptors own) {
        List<Integer> sent = new ArrayList<>(3);
        int channels = 0;
        int places = 0;
        long array = out.here();
        int[] sources = new int[3];
        for (int target = 0; target < 3; target++) {
            int from = files.standard[target];
            switch (from) {
                case RedirectFiles.PIPE -> {
                    channels |= 1 << target;
                    sources[target] = PLACE_PIPE - target;
                }
                case RedirectFiles.SAME_AS_STDOUT -> sources[target] = sources[1];
                case RedirectFiles.CLOSED -> sources[target] = PLACE_CLOSED;
                default -> {
                    sources[target] = sent.size();
                    sent.add(from);
                }
            }
            out.putInt(sources[target]);
            out.putInt(target);
            places++;
        }
        for (Map.Entry<Integer, Integer> entry : files.extra.entrySet()) {
            out.putInt(sent.size());
            out.putInt(entry.getKey());
            sent.add(entry.getValue());
            places++;
        }
        int helperFile = -1;
        if (helper != null && own != null) {
            channels |= 1 << CHANNEL_HELPER;
            out.putInt(PLACE_PIPE - CHANNEL_HELPER);
            out.putInt(own.answer());
            places++;
            places += putOwn(out, sent, own.cgroup(), helper.cgroups().procs());
            places += putOwn(out, sent, own.leafParent(), helper.cgroups().leafParent());
            helperFile = sent.size();
            sent.add(helper.image());
        }
        fields.putInt(layout.helper, helperFile);
        fields.putInt(layout.channels, channels);
        fields.putInt(layout.placeCount, places);
        fields.putLong(layout.places, array);
        fields.putInt(layout.fileCount, sent.size());
        fields.putLong(layout.files, out.here());
        for (int fd : sent) {
            out.putInt(fd);
        }
    }

    /** The number of places that it took. */
    private static int putOwn(CStrings out, List<Integer> sent, int target, int fd) {
        if (target < 0) {
            return 0;
        }
        out.putInt(sent.size());
        out.putInt(target);
        sent.add(fd);
        return 1;
    }

    private void writeScalars(SpawnPolicy policy) {
        fields.putInt(layout.flags, PolicyBits.flags(policy));
        fields.putInt(layout.group, Math.toIntExact(policy.joinProcessGroup().orElse(0)));
        fields.putInt(layout.umask, policy.umask().orElse(0));
        fields.putInt(layout.nice, policy.nice().orElse(0));
        Signal signal = policy.parentDeathSignal().orElse(null);
        fields.putInt(layout.deathSignal, signal == null ? 0 : signal.number());
        fields.putLong(layout.blocked, PolicyBits.signalSet(policy.blockedSignals()));
        fields.putLong(layout.ignored, PolicyBits.signalSet(policy.ignoredSignals()));
    }
}
