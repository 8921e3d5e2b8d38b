// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.suite;

import static io.spawn4j.jmh.suite.Entrants.JAVA;
import static io.spawn4j.jmh.suite.Entrants.oneInSmoke;

import java.util.ArrayList;
import java.util.List;

/** What children write and read; as root, and as an ordinary user, whose pipes the kernel shrinks. */
final class ByteScenarios {
    private static final List<Launch> USERS = List.of(Launch.PLAIN, Launch.PLAIN.asOrdinaryUser());

    private ByteScenarios() {}

    static List<Scenario> many(Length length) {
        String size = length.choose("1 MiB", "256 MiB", "1 GiB");
        List<Scenario> all = new ArrayList<>();
        for (Launch launch : USERS) {
            all.add(bytes("output." + who(launch), size + " from stdout" + by(launch), Method.OUTPUT, length)
                    .launched(launch));
            all.add(bytes(
                            "cat." + who(launch),
                            size + " through cat, both ways" + by(launch),
                            Method.THROUGH_CAT,
                            length)
                    .launched(launch));
        }
        all.add(bytes("output8k.root", size + " from stdout, 8 KiB a read", Method.OUTPUT, length)
                .with("buffer", 8192));
        return all.stream()
                .limit(length.choose(3, 3, 5))
                .map(scenario -> scenario.among(oneInSmoke(length, JAVA)).inRounds(length.rounds(2)))
                .toList();
    }

    static List<Scenario> few(Length length) {
        return USERS.stream()
                .limit(length.choose(1, 1, 2))
                .map(launch -> Scenario.of(
                                "short." + who(launch),
                                "start, read 8 bytes, wait, 4 callers" + by(launch),
                                Method.SHORT_OUTPUT,
                                Timing.ofRates(length))
                        .callers(4)
                        .launched(launch)
                        .among(oneInSmoke(length, JAVA))
                        .inRounds(length.rounds(2)))
                .toList();
    }

    private static Scenario bytes(String id, String label, Method method, Length length) {
        return Scenario.of(id, label, method, Timing.once(length.choose(100, 1000, 4000)))
                .with("bytes", length.choose(1L << 20, 1L << 28, 1L << 30));
    }

    private static String who(Launch launch) {
        return launch.ordinaryUser() ? "user" : "root";
    }

    private static String by(Launch launch) {
        return launch.ordinaryUser() ? ", by an ordinary user" : "";
    }
}
