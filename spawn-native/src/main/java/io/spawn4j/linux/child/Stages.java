// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import io.spawn4j.SpawnStage;

/** {@link SpawnStage} by the number that C has for it: its place in the enum. */
public final class Stages {
    private static final SpawnStage[] ALL = SpawnStage.values();

    private Stages() {}

    public static SpawnStage of(int number) {
        return ALL[number];
    }
}
