// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.child;

import io.spawn4j.PathLookup;
import io.spawn4j.spi.SpawnRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Where a program is looked for. */
public final class ProgramPath {
    private ProgramPath() {}

    /** The paths that execvp(3) would try; those that are relative are so to the child's working directory. */
    public static List<byte[]> candidates(SpawnRequest request, byte[] program) {
        if (program.length == 0 || request.command().get(0).indexOf('/') >= 0) {
            return List.of(program);
        }
        byte[][] directories = JvmEnvironment.current().path();
        Map<String, String> environment = request.environment();
        if (request.policy().pathLookup() == PathLookup.CHILD && environment != null) {
            directories = JvmEnvironment.splitPath(environment.get("PATH"));
        }
        List<byte[]> candidates = new ArrayList<>(directories.length);
        for (byte[] directory : directories) {
            byte[] prefix = directory.length == 0 ? new byte[] {'.'} : directory;
            byte[] candidate = Arrays.copyOf(prefix, prefix.length + 1 + program.length);
            candidate[prefix.length] = '/';
            System.arraycopy(program, 0, candidate, prefix.length + 1, program.length);
            candidates.add(candidate);
        }
        return candidates;
    }
}
