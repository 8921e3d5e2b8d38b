// SPDX-License-Identifier: Apache-2.0
/** A user's application: all it says of the library is that it requires it. */
module consumer {
    requires io.spawn4j;
}
