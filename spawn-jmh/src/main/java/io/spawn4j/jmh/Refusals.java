// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh;

import io.spawn4j.jmh.contender.Contender;
import io.spawn4j.jmh.contender.Trial;
import io.spawn4j.jmh.suite.Cell;
import io.spawn4j.jmh.suite.Launch;
import io.spawn4j.jmh.suite.Method;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What other programs or the host's leave decide about: tried before anything is measured, and said where it cannot
 * run.
 */
final class Refusals {
    private final JvmLauncher launcher;
    private final List<String> leftOut = new ArrayList<>();
    private final Set<String> versions = new TreeSet<>();
    private final Set<String> jdks = new TreeSet<>();

    Refusals(JvmLauncher launcher) {
        this.launcher = launcher;
    }

    /** What cannot run, each with its reason. */
    List<String> leftOut() {
        return leftOut;
    }

    /** The programs by which contenders contain, as these call themselves. */
    Set<String> versions() {
        return versions;
    }

    /** The versions of the JDKs besides the report's own. */
    Set<String> jdks() {
        return jdks;
    }

    /** The same without those who cannot run. */
    List<List<Cell>> without(List<List<Cell>> rounds) throws IOException, InterruptedException {
        Map<Contender, Boolean> contenders = new HashMap<>();
        Map<Launch, Set<String>> launches = new LinkedHashMap<>();
        for (Cell cell : rounds.get(0)) {
            if (!contenders.containsKey(cell.contender())) {
                contenders.put(cell.contender(), grants(cell.contender()));
            }
            launches.computeIfAbsent(cell.scenario().launch(), launch -> new LinkedHashSet<>())
                    .add(cell.scenario().id());
        }
        Set<Launch> granted = new HashSet<>();
        for (Map.Entry<Launch, Set<String>> launch : launches.entrySet()) {
            if (grants(launch.getKey(), launch.getValue())) {
                granted.add(launch.getKey());
                if (!Jdk.isOwn(launch.getKey().jdk())) {
                    Jdk.find(launch.getKey().jdk()).ifPresent(jdk -> jdks.add(jdk.version()));
                }
            }
        }
        boolean strace = Trial.isInstalled("strace");
        if (!strace) {
            leaveOut("system calls: strace is not installed");
        }
        return rounds.stream()
                .map(round -> round.stream()
                        .filter(cell -> contenders.getOrDefault(cell.contender(), true)
                                && granted.contains(cell.scenario().launch())
                                && (strace || cell.scenario().method() != Method.SYSCALLS))
                        .toList())
                .toList();
    }

    private boolean grants(Contender contender) throws IOException {
        if (contender.group() != Contender.Group.CONTAINED) {
            return true;
        }
        Trial trial = new Trial(contender);
        Optional<String> refusal = trial.refusal();
        trial.version().ifPresent(versions::add);
        refusal.ifPresent(reason -> leaveOut(contender.label() + ": " + reason));
        return refusal.isEmpty();
    }

    private boolean grants(Launch launch, Set<String> scenarios) throws IOException, InterruptedException {
        if (launch.equals(Launch.PLAIN)) {
            return true;
        }
        Optional<String> refusal = launcher.refusal(launch);
        refusal.ifPresent(reason -> leaveOut(String.join(", ", scenarios) + ": " + reason));
        return refusal.isEmpty();
    }

    private void leaveOut(String reason) {
        leftOut.add(reason);
        System.err.println("left out: " + reason);
    }
}
