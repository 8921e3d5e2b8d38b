// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

import com.kenai.jffi.Library;

/** The dynamic loader's functions, by which libraries are loaded and looked into: dlopen(3), dlsym(3), dlerror(3). */
final class DynamicLoader {
    final NativeCalls calls;
    final CFunction dlopen;
    final CFunction dlsym;
    final CFunction dlerror;

    DynamicLoader(NativeCalls calls) {
        Library process = Library.getDefault();
        this.calls = calls;
        dlopen = function(process, "dlopen");
        dlsym = function(process, "dlsym");
        dlerror = function(process, "dlerror");
    }

    // A JVM without them could not have loaded jffi.
    private CFunction function(Library process, String symbol) {
        long address = process.getSymbolAddress(symbol);
        if (address == 0) {
            throw new UnsatisfiedLinkError("this process has no function " + symbol);
        }
        return new CFunction(calls, address);
    }
}
