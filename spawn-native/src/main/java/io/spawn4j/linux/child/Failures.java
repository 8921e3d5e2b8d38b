// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import io.spawn4j.SpawnException;
import io.spawn4j.SpawnStage;
import io.spawn4j.UnsupportedPolicyException;
import io.spawn4j.linux.kernel.Errno;
import io.spawn4j.linux.kernel.StartFailure;
import io.spawn4j.spi.SpawnRequest;
import java.io.File;

/** Turns a stage and an errno into the exception that {@code start()} throws. Its opening words are the JDK's. */
public final class Failures {
    private Failures() {}

    /** {@code Cannot run program "x" (in directory "d")}. */
    public static String opening(SpawnRequest request) {
        File directory = request.directory();
        return "Cannot run program \"" + request.command().get(0) + "\""
                + (directory == null ? "" : " (in directory \"" + directory + "\")");
    }

    public static SpawnException at(SpawnRequest request, SpawnStage stage, int errno) {
        return at(request, stage, errno, "");
    }

    public static SpawnException at(SpawnRequest request, SpawnStage stage, int errno, String detail) {
        RefusedSetting refused = RefusedSetting.of(stage, request.policy(), errno);
        if (refused != null) {
            return new UnsupportedPolicyException(
                    opening(request),
                    refused.setting(),
                    refused.syscall(),
                    stage,
                    errno,
                    Errno.name(errno),
                    refused.remedy());
        }
        String message = opening(request) + ": error=" + errno + ", " + Errno.text(errno) + " (" + Errno.name(errno)
                + ", stage: " + stage + ")" + (detail.isEmpty() ? "" : "; " + detail);
        return new SpawnException(message, stage, errno, Errno.name(errno), null);
    }

    static SpawnException redirect(SpawnRequest request, File file, int errno) {
        String message = opening(request) + ": " + file + " (" + Errno.text(errno) + ") (" + Errno.name(errno)
                + ", stage: " + SpawnStage.REDIRECT + ")";
        return new SpawnException(message, SpawnStage.REDIRECT, errno, Errno.name(errno), null);
    }

    /** What a start needs cannot be had: the engine, spawn4j-init, the user database. */
    public static SpawnException unprepared(SpawnRequest request, SpawnStage stage, StartFailure why) {
        String message = opening(request) + ": " + why.getMessage() + " (stage: " + stage + ")";
        return new SpawnException(message, stage, why.errno(), Errno.name(why.errno()), why);
    }

    /** The start timeout has passed. */
    public static SpawnException late(SpawnRequest request, SpawnStage stage) {
        return at(
                request,
                stage,
                Errno.ETIMEDOUT,
                "not started within " + request.policy().startTimeout().orElseThrow());
    }

    public static SpawnException killedBeforeExec(SpawnRequest request, SpawnStage stage, String how) {
        String message = opening(request) + ": the child was ended before its exec: " + how + " (stage: " + stage + ")";
        return new SpawnException(message, stage, 0, "", null);
    }
}
