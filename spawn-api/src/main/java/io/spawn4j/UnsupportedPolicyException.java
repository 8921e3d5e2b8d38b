// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import java.util.Objects;

/**
 * A setting of the {@link SpawnPolicy} cannot be honoured here, by this engine or on this host. The child was not
 * started: a policy is kept or refused, never weakened.
 */
public class UnsupportedPolicyException extends SpawnException {
    private static final long serialVersionUID = 1L;

    /** The builder method's name. */
    private final String setting;
    /** The call that cannot do it. */
    private final String syscall;
    /** What would make it work. */
    private final String remedy;

    /**
     * For the engines.
     *
     * @param opening the opening words of every failed start, {@code Cannot run program "x"}
     * @param setting the builder method's name, for example {@code cpuAffinity}
     * @param syscall the system or library call that cannot do it
     * @param stage where it was refused
     * @param errno the kernel's number, or 0 where the call was never made
     * @param errnoName its name, or empty where errno is 0
     * @param remedy what would make it work, as a clause that follows a colon
     */
    public UnsupportedPolicyException(
            String opening,
            String setting,
            String syscall,
            SpawnStage stage,
            int errno,
            String errnoName,
            String remedy) {
        super(
                opening + ": " + message(setting, syscall, stage, errno, errnoName, remedy),
                stage,
                errno,
                errnoName,
                null);
        this.setting = Objects.requireNonNull(setting, "setting");
        this.syscall = Objects.requireNonNull(syscall, "syscall");
        this.remedy = Objects.requireNonNull(remedy, "remedy");
    }

    /**
     * The setting that was refused.
     *
     * @return the name of its method in {@link SpawnPolicy.Builder}
     */
    public final String setting() {
        return setting;
    }

    /**
     * The call that cannot do it.
     *
     * @return its name
     */
    public final String syscall() {
        return syscall;
    }

    /**
     * What would make it work.
     *
     * @return one clause
     */
    public final String remedy() {
        return remedy;
    }

    private static String message(
            String setting, String syscall, SpawnStage stage, int errno, String errnoName, String remedy) {
        String failure = errno == 0 ? " cannot do it" : ": error=" + errno + ", " + errnoName;
        return "policy setting " + setting + " cannot be honoured here: " + syscall + failure + " (stage: " + stage
                + "); what would make it work: " + remedy;
    }
}
