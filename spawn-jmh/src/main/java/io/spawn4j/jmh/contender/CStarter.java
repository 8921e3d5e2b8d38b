// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import io.spawn4j.jmh.contender.CLibrary.Arguments;
import io.spawn4j.jmh.contender.CLibrary.How;

/** C, called through jnr-ffi. */
final class CStarter implements Prepared {
    private final CLibrary library = CLibrary.instance();
    private final How how;
    private final Arguments arguments;
    private final Streams streams;

    CStarter(How how, Command command) {
        this.how = how;
        this.arguments = library.arguments(command);
        this.streams = command.streams();
    }

    @Override
    public void spawnAndWait() {
        library.spawnAndWait(how, arguments, streams);
    }

    @Override
    public Child start() {
        return new CChild(library, library.start(how, arguments, streams));
    }
}
