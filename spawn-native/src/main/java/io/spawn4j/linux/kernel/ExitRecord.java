// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import io.spawn4j.ExitStatus;
import io.spawn4j.ResourceUsage;
import io.spawn4j.Signal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * {@code struct s4j_exit}: what waitid(2) says of a dead child.
 *
 * <pre>
 *  0        4        8             16  ...                             72      80
 *  +--------+--------+-------------+----------- 9 x int64 -------------+-------+
 *  | code   | status | user micros | system, max rss, faults, blocks, switches |
 *  +--------+--------+-------------+-------------------------------------------+
 * </pre>
 */
public final class ExitRecord {
    public static final int BYTES = 80;
    static final int CODE = 0;
    static final int STATUS = 4;
    static final int USER_MICROS = 8;
    static final int SYSTEM_MICROS = 16;
    static final int MAX_RSS_KIB = 24;
    static final int MINOR_FAULTS = 32;
    static final int MAJOR_FAULTS = 40;
    static final int BLOCKS_IN = 48;
    static final int BLOCKS_OUT = 56;
    static final int VOLUNTARY = 64;
    static final int INVOLUNTARY = 72;

    /** si_code of SIGCHLD, sigaction(2). */
    static final int CLD_EXITED = 1;

    static final int CLD_KILLED = 2;
    static final int CLD_DUMPED = 3;

    private ExitRecord() {}

    public static ExitStatus status(ByteBuffer record) {
        int status = record.getInt(STATUS);
        return switch (record.getInt(CODE)) {
            case CLD_EXITED -> new ExitStatus.Exited(status);
            case CLD_KILLED -> new ExitStatus.Signaled(Signal.of(status), false);
            case CLD_DUMPED -> new ExitStatus.Signaled(Signal.of(status), true);
            default -> new ExitStatus.Unknown("waitid said si_code " + record.getInt(CODE));
        };
    }

    public static ResourceUsage usage(ByteBuffer record) {
        return new ResourceUsage(
                Duration.of(record.getLong(USER_MICROS), ChronoUnit.MICROS),
                Duration.of(record.getLong(SYSTEM_MICROS), ChronoUnit.MICROS),
                record.getLong(MAX_RSS_KIB) * 1024,
                record.getLong(MINOR_FAULTS),
                record.getLong(MAJOR_FAULTS),
                record.getLong(BLOCKS_IN),
                record.getLong(BLOCKS_OUT),
                record.getLong(VOLUNTARY),
                record.getLong(INVOLUNTARY));
    }

    /** Decodes the status word of wait(2). */
    public static ExitStatus fromWaitStatus(int word) {
        int signal = word & 0x7f;
        return signal == 0
                ? new ExitStatus.Exited(word >> 8 & 0xff)
                : new ExitStatus.Signaled(Signal.of(signal), (word & 0x80) != 0);
    }
}
