// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;

/**
 * A C function of at most six integers and pointers, called through jffi's invoker: one native call, without a stub
 * made for it. Every argument and the result travel as a long, which is what the calling conventions of 64-bit Linux
 * make of them anyway.
 */
public final class CFunction {
    private final NativeCalls calls;
    private final Invoker invoker;
    private final long address;

    CFunction(NativeCalls calls, long address) {
        this.calls = calls;
        this.invoker = calls.invoker;
        this.address = address;
    }

    public long call() {
        return invoker.invokeL0NoErrno(calls.context0, address);
    }

    public long call(long a) {
        return invoker.invokeL1NoErrno(calls.context1, address, a);
    }

    public long call(long a, long b) {
        return invoker.invokeL2NoErrno(calls.context2, address, a, b);
    }

    public long call(long a, long b, long c) {
        return invoker.invokeL3NoErrno(calls.context3, address, a, b, c);
    }

    public long call(long a, long b, long c, long d) {
        return invoker.invokeL4NoErrno(calls.context4, address, a, b, c, d);
    }

    public long call(long a, long b, long c, long d, long e) {
        return invoker.invokeL5NoErrno(calls.context5, address, a, b, c, d, e);
    }

    public long call(long a, long b, long c, long d, long e, long f) {
        return invoker.invokeL6NoErrno(calls.context6, address, a, b, c, d, e, f);
    }

    /** The result of a function that returns an int: what is above its 32 bits means nothing. */
    public int callInt(long a) {
        return (int) call(a);
    }

    public int callInt(long a, long b) {
        return (int) call(a, b);
    }

    public int callInt(long a, long b, long c) {
        return (int) call(a, b, c);
    }

    /** The result of a call that fails with -1 and errno, of a function that returns a long: the result, or -errno. */
    public long orErrno(long... arguments) {
        long result = calls.invoke(address, arguments);
        return result == -1 ? -LastError.getInstance().get() : result;
    }

    /** The same of a function that returns an int: what is above its 32 bits means nothing. */
    public int intOrErrno(long... arguments) {
        int result = (int) calls.invoke(address, arguments);
        return result == -1 ? -LastError.getInstance().get() : result;
    }
}
