// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Type;
import java.util.Arrays;

/** What calls of C functions share: jffi's invoker, and one call context for each number of arguments. */
public final class NativeCalls {
    final Invoker invoker = Invoker.getInstance();
    final CallContext context0 = context(0);
    final CallContext context1 = context(1);
    final CallContext context2 = context(2);
    final CallContext context3 = context(3);
    final CallContext context4 = context(4);
    final CallContext context5 = context(5);
    final CallContext context6 = context(6);

    /** For {@link Jffi}, which has loaded jffi's stub before. */
    NativeCalls() {}

    // Not the cached ones: those stay as long as jffi's classes, and their cleaner keeps these loaded.
    private static CallContext context(int arguments) {
        Type[] types = new Type[arguments];
        Arrays.fill(types, Type.SINT64);
        return new CallContext(Type.SINT64, types, CallingConvention.DEFAULT, true);
    }

    /** Calls, and has jffi keep errno. */
    long invoke(long address, long... a) {
        return switch (a.length) {
            case 0 -> invoker.invokeL0(context0, address);
            case 1 -> invoker.invokeL1(context1, address, a[0]);
            case 2 -> invoker.invokeL2(context2, address, a[0], a[1]);
            case 3 -> invoker.invokeL3(context3, address, a[0], a[1], a[2]);
            case 4 -> invoker.invokeL4(context4, address, a[0], a[1], a[2], a[3]);
            case 5 -> invoker.invokeL5(context5, address, a[0], a[1], a[2], a[3], a[4]);
            case 6 -> invoker.invokeL6(context6, address, a[0], a[1], a[2], a[3], a[4], a[5]);
            default -> throw new IllegalArgumentException("more than six arguments: " + a.length);
        };
    }
}
