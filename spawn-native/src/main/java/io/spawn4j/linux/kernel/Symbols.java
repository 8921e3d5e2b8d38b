// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.kernel;

/** C's names for Java's methods. */
final class Symbols {
    private Symbols() {}

    /** "slotNew" to "slot_new". */
    static String cName(String method) {
        StringBuilder symbol = new StringBuilder();
        for (int i = 0; i < method.length(); i++) {
            char c = method.charAt(i);
            if (Character.isUpperCase(c)) {
                symbol.append('_');
            }
            symbol.append(Character.toLowerCase(c));
        }
        return symbol.toString();
    }
}
