// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A Linux signal, by the number that x86-64 and aarch64 give it.
 *
 * <p>Numbers 32 and 33 have no name of their own: the C libraries use them for their threads. The real-time names are
 * glibc's, where {@code SIGRTMIN} is 34; musl's is 35, so compare numbers, not names, with a program linked to musl.
 * See signal(7).
 */
public enum Signal {
    /** Hangup of the controlling terminal, or the end of its session leader. */
    SIGHUP(1),
    /** Interrupt from the keyboard. */
    SIGINT(2),
    /** Quit from the keyboard; dumps core. */
    SIGQUIT(3),
    /** Illegal instruction; dumps core. */
    SIGILL(4),
    /** Trace or breakpoint trap; dumps core. */
    SIGTRAP(5),
    /** Abort, as from abort(3); dumps core. Also called SIGIOT. */
    SIGABRT(6),
    /** Bad memory access; dumps core. */
    SIGBUS(7),
    /** Erroneous arithmetic; dumps core. */
    SIGFPE(8),
    /** Kill; can be neither caught, blocked nor ignored. */
    SIGKILL(9),
    /** User-defined. */
    SIGUSR1(10),
    /** Invalid memory reference; dumps core. */
    SIGSEGV(11),
    /** User-defined. */
    SIGUSR2(12),
    /** Write to a pipe that nobody reads. */
    SIGPIPE(13),
    /** Timer of alarm(2). */
    SIGALRM(14),
    /** Polite request to end. */
    SIGTERM(15),
    /** Stack fault of a coprocessor; unused by the kernel. */
    SIGSTKFLT(16),
    /** A child stopped, continued or ended. Also called SIGCLD. */
    SIGCHLD(17),
    /** Continue if stopped. */
    SIGCONT(18),
    /** Stop; can be neither caught, blocked nor ignored. */
    SIGSTOP(19),
    /** Stop from the keyboard. */
    SIGTSTP(20),
    /** Terminal input by a background process. */
    SIGTTIN(21),
    /** Terminal output by a background process. */
    SIGTTOU(22),
    /** Urgent data on a socket. */
    SIGURG(23),
    /** CPU time limit exceeded; dumps core. */
    SIGXCPU(24),
    /** File size limit exceeded; dumps core. */
    SIGXFSZ(25),
    /** Virtual interval timer. */
    SIGVTALRM(26),
    /** Profiling timer. */
    SIGPROF(27),
    /** The terminal's window changed its size. */
    SIGWINCH(28),
    /** Input or output is possible. Also called SIGPOLL. */
    SIGIO(29),
    /** Power failure. */
    SIGPWR(30),
    /** Bad system call, as from a seccomp filter; dumps core. Also called SIGUNUSED. */
    SIGSYS(31),
    /** Reserved by the C libraries for their threads. */
    SIG32(32),
    /** Reserved by the C libraries for their threads. */
    SIG33(33),
    /** The first real-time signal that glibc leaves to programs. */
    SIGRTMIN(34),
    /** Real-time signal 35. */
    SIGRTMIN_PLUS_1(35),
    /** Real-time signal 36. */
    SIGRTMIN_PLUS_2(36),
    /** Real-time signal 37. */
    SIGRTMIN_PLUS_3(37),
    /** Real-time signal 38. */
    SIGRTMIN_PLUS_4(38),
    /** Real-time signal 39. */
    SIGRTMIN_PLUS_5(39),
    /** Real-time signal 40. */
    SIGRTMIN_PLUS_6(40),
    /** Real-time signal 41. */
    SIGRTMIN_PLUS_7(41),
    /** Real-time signal 42. */
    SIGRTMIN_PLUS_8(42),
    /** Real-time signal 43. */
    SIGRTMIN_PLUS_9(43),
    /** Real-time signal 44. */
    SIGRTMIN_PLUS_10(44),
    /** Real-time signal 45. */
    SIGRTMIN_PLUS_11(45),
    /** Real-time signal 46. */
    SIGRTMIN_PLUS_12(46),
    /** Real-time signal 47. */
    SIGRTMIN_PLUS_13(47),
    /** Real-time signal 48. */
    SIGRTMIN_PLUS_14(48),
    /** Real-time signal 49. */
    SIGRTMIN_PLUS_15(49),
    /** Real-time signal 50. */
    SIGRTMAX_MINUS_14(50),
    /** Real-time signal 51. */
    SIGRTMAX_MINUS_13(51),
    /** Real-time signal 52. */
    SIGRTMAX_MINUS_12(52),
    /** Real-time signal 53. */
    SIGRTMAX_MINUS_11(53),
    /** Real-time signal 54. */
    SIGRTMAX_MINUS_10(54),
    /** Real-time signal 55. */
    SIGRTMAX_MINUS_9(55),
    /** Real-time signal 56. */
    SIGRTMAX_MINUS_8(56),
    /** Real-time signal 57. */
    SIGRTMAX_MINUS_7(57),
    /** Real-time signal 58. */
    SIGRTMAX_MINUS_6(58),
    /** Real-time signal 59. */
    SIGRTMAX_MINUS_5(59),
    /** Real-time signal 60. */
    SIGRTMAX_MINUS_4(60),
    /** Real-time signal 61. */
    SIGRTMAX_MINUS_3(61),
    /** Real-time signal 62. */
    SIGRTMAX_MINUS_2(62),
    /** Real-time signal 63. */
    SIGRTMAX_MINUS_1(63),
    /** The last real-time signal. */
    SIGRTMAX(64);

    private static final List<Signal> BY_NUMBER = List.of(values());
    private static final Map<String, Signal> BY_NAME = byName();

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /**
     * The kernel's number of this signal.
     *
     * @return 1 to 64
     */
    public int number() {
        return number;
    }

    /**
     * The signal with a number.
     *
     * @param number 1 to 64
     * @return the signal
     * @throws IllegalArgumentException if no signal has this number
     */
    public static Signal of(int number) {
        if (number < 1 || number > BY_NUMBER.size()) {
            throw new IllegalArgumentException("signal number out of range 1 to " + BY_NUMBER.size() + ": " + number);
        }
        return BY_NUMBER.get(number - 1);
    }

    /**
     * The signal with a name, as kill(1) reads it: with or without {@code SIG}, in either case, real-time signals as
     * {@code RTMIN+1} or {@code RTMAX-14}, and the aliases {@code IOT}, {@code CLD}, {@code POLL} and {@code UNUSED}.
     *
     * @param name for example {@code TERM} or {@code SIGTERM}
     * @return the signal, or empty if there is none of this name
     */
    public static Optional<Signal> byName(String name) {
        String key = name.toUpperCase(Locale.ROOT).replace("+", "_PLUS_").replace("-", "_MINUS_");
        return Optional.ofNullable(BY_NAME.get(key.startsWith("SIG") ? key : "SIG" + key));
    }

    /** Whether a process may block or ignore it: not SIGKILL and SIGSTOP, nor the two that belong to the C library. */
    boolean isMaskable() {
        return this != SIGKILL && this != SIGSTOP && this != SIG32 && this != SIG33;
    }

    private static Map<String, Signal> byName() {
        Map<String, Signal> names = new HashMap<>();
        for (Signal signal : BY_NUMBER) {
            names.put(signal.name(), signal);
        }
        names.put("SIGIOT", SIGABRT);
        names.put("SIGCLD", SIGCHLD);
        names.put("SIGPOLL", SIGIO);
        names.put("SIGUNUSED", SIGSYS);
        return Collections.unmodifiableMap(names);
    }
}
