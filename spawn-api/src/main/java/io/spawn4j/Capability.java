// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

/**
 * A Linux capability: one of the rights that root's is divided into. Names and numbers are those of capabilities(7); a
 * kernel older than a capability refuses it with EINVAL.
 */
public enum Capability {
    /** Change owner and group of any file. */
    CAP_CHOWN(0),
    /** Read, write and execute any file, whatever its mode. */
    CAP_DAC_OVERRIDE(1),
    /** Read any file and search any directory. */
    CAP_DAC_READ_SEARCH(2),
    /** What else only a file's owner may do, for example chmod(2). */
    CAP_FOWNER(3),
    /** Keep set-user-ID and set-group-ID bits of files that change. */
    CAP_FSETID(4),
    /** Signal any process. */
    CAP_KILL(5),
    /** Change group IDs and supplementary groups. */
    CAP_SETGID(6),
    /** Change user IDs. */
    CAP_SETUID(7),
    /** Drop capabilities from the bounding set, and change securebits. */
    CAP_SETPCAP(8),
    /** Set and clear the immutable and append-only flags of files. */
    CAP_LINUX_IMMUTABLE(9),
    /** Bind to ports below 1024. */
    CAP_NET_BIND_SERVICE(10),
    /** Broadcast and multicast; unused by the kernel. */
    CAP_NET_BROADCAST(11),
    /** Configure networks. */
    CAP_NET_ADMIN(12),
    /** Raw and packet sockets. */
    CAP_NET_RAW(13),
    /** Lock memory. */
    CAP_IPC_LOCK(14),
    /** Pass permission checks of System V IPC objects. */
    CAP_IPC_OWNER(15),
    /** Load and unload kernel modules. */
    CAP_SYS_MODULE(16),
    /** Port I/O and /proc/kcore. */
    CAP_SYS_RAWIO(17),
    /** chroot(2) and setns(2) into a mount namespace. */
    CAP_SYS_CHROOT(18),
    /** Trace any process. */
    CAP_SYS_PTRACE(19),
    /** acct(2). */
    CAP_SYS_PACCT(20),
    /** Much of what root may do: mounts, namespaces, quotas, and more. */
    CAP_SYS_ADMIN(21),
    /** reboot(2) and kexec_load(2). */
    CAP_SYS_BOOT(22),
    /** Lower nice values, set scheduling of other processes. */
    CAP_SYS_NICE(23),
    /** Exceed and raise resource limits, lower the OOM score. */
    CAP_SYS_RESOURCE(24),
    /** Set clocks. */
    CAP_SYS_TIME(25),
    /** vhangup(2) and terminals. */
    CAP_SYS_TTY_CONFIG(26),
    /** Make device files. */
    CAP_MKNOD(27),
    /** Take leases on any file. */
    CAP_LEASE(28),
    /** Write to the audit log. */
    CAP_AUDIT_WRITE(29),
    /** Configure auditing. */
    CAP_AUDIT_CONTROL(30),
    /** Set file capabilities. */
    CAP_SETFCAP(31),
    /** Override mandatory access control; for Smack. */
    CAP_MAC_OVERRIDE(32),
    /** Configure mandatory access control; for Smack. */
    CAP_MAC_ADMIN(33),
    /** Privileged operations of syslog(2). */
    CAP_SYSLOG(34),
    /** Wake the system with timers. */
    CAP_WAKE_ALARM(35),
    /** Block suspending. */
    CAP_BLOCK_SUSPEND(36),
    /** Read the audit log; Linux 3.16. */
    CAP_AUDIT_READ(37),
    /** Performance monitoring; Linux 5.8. */
    CAP_PERFMON(38),
    /** Privileged BPF operations; Linux 5.8. */
    CAP_BPF(39),
    /** Checkpoint and restore; Linux 5.9. */
    CAP_CHECKPOINT_RESTORE(40);

    private final int number;

    Capability(int number) {
        this.number = number;
    }

    /**
     * The kernel's number.
     *
     * @return 0 to 40, as in linux/capability.h
     */
    public int number() {
        return number;
    }
}
