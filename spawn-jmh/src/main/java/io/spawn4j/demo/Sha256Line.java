// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.demo;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of sha256sum's output: the digest, a space, the mode, the file's name.
 *
 * @param digest 64 hexadecimal digits
 * @param name the file's name as it was given, escapes resolved
 */
record Sha256Line(String digest, String name) {
    // A leading backslash announces that the name is escaped.
    private static final Pattern LINE = Pattern.compile("(\\\\?)([0-9a-f]{64}) [ *]([^\n]+)\n");

    /** @throws IllegalArgumentException if the output is anything but one such line */
    static Sha256Line parse(String output) {
        Matcher matcher = LINE.matcher(output);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a line of sha256sum: " + output);
        }
        String name = matcher.group(3);
        return new Sha256Line(matcher.group(2), matcher.group(1).isEmpty() ? name : unescape(name));
    }

    private static String unescape(String escaped) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '\\') {
                i++;
                name.append(meaning(escaped, i));
            } else {
                name.append(c);
            }
        }
        return name.toString();
    }

    private static char meaning(String escaped, int index) {
        char code = index < escaped.length() ? escaped.charAt(index) : ' ';
        return switch (code) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case '\\' -> '\\';
            default -> throw new IllegalArgumentException("unknown escape in sha256sum's output: " + escaped);
        };
    }
}
