// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A loaded C library, of which functions are looked up by name. Known by its handle, as dlopen(3) gives it, and never
 * closed: jffi's own object for one would be, by a cleaner, while a native thread still runs its code.
 */
public final class CLibrary {
    /** RTLD_DEFAULT: whatever this process has loaded already. */
    private static final long PROCESS = 0;

    private static final int RTLD_NOW = 2; // and RTLD_LOCAL, which is 0
    private static final int LONGEST_ERROR = 1024;

    private final DynamicLoader loader;
    private final long handle;
    private final String name;

    private CLibrary(DynamicLoader loader, long handle, String name) {
        this.loader = loader;
        this.handle = handle;
        this.name = name;
    }

    /** What this process has loaded already: the libc among it, whatever its file is called. */
    public static CLibrary ofProcess(NativeCalls calls) {
        return new CLibrary(new DynamicLoader(calls), PROCESS, "this process's libc");
    }

    /** One that was loaded before. */
    static CLibrary of(NativeCalls calls, long handle, String name) {
        return new CLibrary(new DynamicLoader(calls), handle, name);
    }

    /** Loads a file: dlopen(3) with RTLD_NOW and RTLD_LOCAL. */
    static CLibrary load(NativeCalls calls, String file) throws StartFailure {
        DynamicLoader loader = new DynamicLoader(calls);
        NativeMemory path = NativeMemory.cString(NativeStrings.encodePath(file));
        try {
            long handle = loader.dlopen.call(path.address, RTLD_NOW);
            if (handle == 0) {
                throw new StartFailure("dlopen: " + error(loader));
            }
            return new CLibrary(loader, handle, file);
        } finally {
            Reference.reachabilityFence(path);
        }
    }

    // Kept per thread, and valid until the thread's next call of the family.
    private static String error(DynamicLoader loader) {
        long text = loader.dlerror.call();
        return text == 0 ? "no reason given" : NativeMemory.stringAt(text, LONGEST_ERROR);
    }

    long handle() {
        return handle;
    }

    public CFunction function(String symbol) throws StartFailure {
        CFunction function = find(symbol);
        if (function == null) {
            throw new StartFailure(name + " has no function " + symbol);
        }
        return function;
    }

    /** Null if there is none of this name. */
    public @Nullable CFunction find(String symbol) {
        NativeMemory string = NativeMemory.cString(symbol.getBytes(StandardCharsets.US_ASCII));
        try {
            long address = loader.dlsym.call(handle, string.address);
            return address == 0 ? null : new CFunction(loader.calls, address);
        } finally {
            Reference.reachabilityFence(string);
        }
    }
}
