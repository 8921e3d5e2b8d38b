// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import com.kenai.jffi.Library;
import org.jspecify.annotations.Nullable;

/** A loaded C library, of which functions are looked up by name. It stays loaded while this is reachable. */
public final class CLibrary {
    private final NativeCalls calls;
    private final Library library;
    private final String name;

    private CLibrary(NativeCalls calls, Library library, String name) {
        this.calls = calls;
        this.library = library;
        this.name = name;
    }

    /** What this process has loaded already: the libc among it, whatever its file is called. */
    public static CLibrary ofProcess(NativeCalls calls) {
        return new CLibrary(calls, Library.getDefault(), "this process's libc");
    }

    /** Loads a file: dlopen(3) with RTLD_NOW and RTLD_LOCAL. */
    static CLibrary load(NativeCalls calls, String file) throws StartFailure {
        Library library = Library.openLibrary(file, Library.NOW | Library.LOCAL);
        if (library == null) {
            throw new StartFailure("dlopen: " + Library.getLastError());
        }
        return new CLibrary(calls, library, file);
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
        long address = library.getSymbolAddress(symbol);
        return address == 0 ? null : new CFunction(calls, address);
    }
}
