// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.contender;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one operation starts.
 *
 * @param argv the program's path and its arguments
 * @param streams the child's standard streams
 * @param variables what the child's environment has besides the JVM's
 */
public record Command(List<String> argv, Streams streams, Map<String, String> variables) {
    /** Copies the list and the map. */
    public Command {
        argv = List.copyOf(argv);
        variables = Map.copyOf(variables);
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("a command without a program");
        }
    }

    /** The program with the arguments that it always has, and the JVM's environment. */
    public static Command of(Program program, Streams streams) {
        return new Command(program.command(), streams, Map.of());
    }

    /** The same with these arguments behind those that it has. */
    public Command withArguments(List<String> arguments) {
        List<String> longer = new ArrayList<>(argv);
        longer.addAll(arguments);
        return new Command(longer, streams, variables);
    }

    /** The same with this variable in the child's environment. */
    public Command withVariable(String name, String value) {
        Map<String, String> more = new HashMap<>(variables);
        more.put(name, value);
        return new Command(argv, streams, more);
    }
}
