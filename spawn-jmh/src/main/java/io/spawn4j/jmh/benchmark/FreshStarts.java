// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.benchmark;

import com.zaxxer.nuprocess.NuAbstractProcessHandler;
import com.zaxxer.nuprocess.NuProcess;
import com.zaxxer.nuprocess.NuProcessBuilder;
import io.spawn4j.SpawnBuilder;
import io.spawn4j.SpawnEngine;
import io.spawn4j.jmh.contender.Contender;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The children of a JVM that has done nothing before, one after the other: how long after the first request which of
 * them is gone.
 *
 * <p>What is loaded before the first request is not counted. So this runs without JMH, starts programs as a user
 * writes it and not by {@link Contender}, which loads half a library, and has neither lambdas nor concatenated strings:
 * the first of them in a JVM's life takes milliseconds.
 */
public final class FreshStarts {
    /** One child, from the request until it is reaped and its streams are closed. */
    private interface Library {
        void spawnAndWait(String program) throws IOException, InterruptedException;
    }

    /** Who has not come further by then is left where he is: one library may wait for 250 ms at each child. */
    private static final long LIMIT_NANOS = 60_000_000_000L;

    private FreshStarts() {}

    /**
     * Prints a line for each of the children that were asked for: its number, and nanoseconds since the first request.
     * Those that are not reached in a minute have none.
     *
     * @param arguments the contender; whether to prepare it; whether to make sure afterwards that it was that one; the
     *     program; the children's numbers, ascending
     */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        String contender = arguments[0];
        String program = arguments[3];
        int[] children = new int[arguments.length - 4];
        for (int i = 0; i < children.length; i++) {
            children[i] = Integer.parseInt(arguments[i + 4]);
        }
        if (Boolean.parseBoolean(arguments[1])) {
            SpawnEngine.prepare().get();
        }
        long[] nanos = nanos(LIMIT_NANOS, contender, program, children);
        if (Boolean.parseBoolean(arguments[2])) {
            Contender.valueOf(contender).requireServed();
        }
        print(children, nanos, System.out);
    }

    /** How long after the first request each of those children was gone; fewer of them where the limit is reached. */
    static long[] nanos(long limit, String contender, String program, int... children)
            throws IOException, InterruptedException {
        long[] nanos = new long[children.length];
        int reached = 0;
        long begin = System.nanoTime();
        Library library = library(contender);
        long passed = 0;
        for (int child = 1; reached < children.length && passed < limit; child++) {
            library.spawnAndWait(program);
            passed = System.nanoTime() - begin;
            if (child == children[reached]) {
                nanos[reached] = passed;
                reached++;
            }
        }
        return Arrays.copyOf(nanos, reached);
    }

    private static void print(int[] children, long[] nanos, PrintStream out) {
        for (int i = 0; i < nanos.length; i++) {
            out.print(children[i]);
            out.print(' ');
            out.println(nanos[i]);
        }
    }

    // Classes of their own: what verifies one of them loads what the others use.
    private static Library library(String contender) {
        return switch (contender) {
            case "SPAWN4J_CLONE3", "SPAWN4J_POSIX_SPAWN" -> new Spawn4j();
            case "PROCESS_BUILDER" -> new Jdk();
            case "NUPROCESS" -> new Nu();
            default -> throw new IllegalArgumentException(contender);
        };
    }

    private static void end(Process process) throws IOException, InterruptedException {
        requireSuccess(process.waitFor());
        process.getOutputStream().close();
        process.getInputStream().close();
        process.getErrorStream().close();
    }

    private static void requireSuccess(int code) {
        if (code != 0) {
            throw new IllegalStateException("the child ended with " + code);
        }
    }

    private static final class Spawn4j implements Library {
        @Override
        public void spawnAndWait(String program) throws IOException, InterruptedException {
            end(new SpawnBuilder(program).start());
        }
    }

    private static final class Jdk implements Library {
        @Override
        public void spawnAndWait(String program) throws IOException, InterruptedException {
            end(new ProcessBuilder(program).start());
        }
    }

    private static final class Nu implements Library {
        @Override
        public void spawnAndWait(String program) throws IOException, InterruptedException {
            @Nullable NuProcess process = new NuProcessBuilder(new Ignoring(), program).start();
            if (process == null) {
                throw new IOException("NuProcess could not start the program");
            }
            requireSuccess(process.waitFor(0, TimeUnit.SECONDS));
        }
    }

    /** Drops the output. */
    private static final class Ignoring extends NuAbstractProcessHandler {}
}
