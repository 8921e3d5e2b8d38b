// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.lang.reflect.InvocationTargetException;

/** Whether the JVM lets this code load native libraries: JEP 472, JDK 22 and newer. */
final class NativeAccess {
    private static final int SINCE = 22;

    private NativeAccess() {}

    /**
     * Whether loading a library draws neither a refusal nor, from a named module of its own, a warning. The code on the
     * class path has one warning for all of it, which jffi draws anyway.
     */
    static boolean isGranted() {
        Module module = NativeAccess.class.getModule();
        if (!module.isNamed() || Runtime.version().feature() < SINCE) {
            return true;
        }
        try {
            return (boolean) Module.class.getMethod("isNativeAccessEnabled").invoke(module);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new LinkageError("Module.isNativeAccessEnabled of JDK " + SINCE, e);
        }
    }

    /** What to do where it is refused. */
    static StartFailure denied(Throwable cause) {
        return new StartFailure(
                "this JVM denies native access: start it with --enable-native-access=" + modules() + " ("
                        + cause.getMessage() + ")",
                cause);
    }

    private static String modules() {
        Module own = NativeAccess.class.getModule();
        Module jffi = com.kenai.jffi.Version.class.getModule();
        return own.isNamed() ? own.getName() + "," + (jffi.isNamed() ? jffi.getName() : "ALL-UNNAMED") : "ALL-UNNAMED";
    }
}
