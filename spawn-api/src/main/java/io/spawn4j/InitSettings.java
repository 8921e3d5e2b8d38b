// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * The settings that spawn4j-init makes in memory of its own: OOM score, cgroup, user, groups and privileges.
 *
 * @param <B> the builder, which each method returns
 */
abstract class InitSettings<B> extends DescriptorSettings<B> {
    InitSettings(Map<Setting<?>, Object> values) {
        super(values);
    }

    /**
     * How readily the kernel kills the child, and what it starts, when memory runs out.
     *
     * <p>Default: as the JVM. Cost: an exec of spawn4j-init before that of the program, and three calls to write it.
     * Lower than the JVM's lowest so far needs CAP_SYS_RESOURCE: EACCES at {@link SpawnStage#OOM_SCORE}. Source:
     * proc_pid_oom_score_adj(5), Linux 2.6.36.
     *
     * @param score -1000 (never) to 1000 (first)
     * @return this
     * @throws IllegalArgumentException if out of range
     * @throws IllegalStateException if set before
     */
    public B oomScore(int score) {
        PolicyCheck.range("oomScore", score, PolicyCheck.MIN_OOM_SCORE, PolicyCheck.MAX_OOM_SCORE);
        return set(Setting.OOM_SCORE, score);
    }

    /**
     * The existing cgroup that the child joins before its program runs, and with it all that it starts. Nothing is
     * made, limited or removed. Of several cgroup hierarchies (version 1) it leaves the others as they are.
     *
     * <p>Default: the JVM's own. Cost: an exec of spawn4j-init before that of the program, a look into the table of
     * mounts and open(2) and close(2) by the caller, write(2). A path that is missing (ENOENT), no cgroup (EINVAL),
     * threaded (EOPNOTSUPP) or without permission (EACCES) shows at {@link SpawnStage#CGROUP} before anything is
     * started. The kernel refuses with EBUSY one that passes controllers on to cgroups below it. Source: cgroups(7),
     * version 2 since Linux 4.5.
     *
     * @param directory the absolute path of its directory, wherever its file system is mounted
     * @return this
     * @throws IllegalArgumentException if not absolute
     * @throws IllegalStateException if set before
     */
    public B joinCgroup(Path directory) {
        return setBesideContainment(Setting.JOIN_CGROUP, PolicyCheck.cgroup(directory));
    }

    /**
     * The user that the program runs as: real, effective and saved ID. Unless they are set too, the group becomes that
     * user's own and the supplementary groups become those that the group database gives him, so that none of the JVM's
     * are left. The working directory is entered and redirects are opened as the JVM's user. No capability of the JVM
     * is left but those of {@link #keepCapabilities(Set)}. A parent-death signal is set again after the change, which
     * clears it; since the kernel sends it with the JVM's rights, a JVM without CAP_KILL is refused it for another
     * user's child.
     *
     * <p>Default: the JVM's. Cost: an exec of spawn4j-init before that of the program, setgroups(2), setresgid(2),
     * setresuid(2), and at each start a look into the user database, which may take as long as a directory service
     * takes. An unknown name shows at {@link SpawnStage#REQUEST} before anything is started; so does a number that the
     * database does not have, if no group is set with it. Without CAP_SETUID and CAP_SETGID: EPERM at
     * {@link SpawnStage#SUPPLEMENTARY_GROUPS}, {@link SpawnStage#GROUP} or {@link SpawnStage#USER}. Source:
     * credentials(7), getpwnam(3), getgrouplist(3).
     *
     * @param nameOrNumber a name, or a number from 0 to 4294967294 in decimal
     * @return this
     * @throws IllegalArgumentException if empty, with a null character, or out of range
     * @throws IllegalStateException if set before
     */
    public B user(String nameOrNumber) {
        return set(Setting.USER, PolicyCheck.account("user", nameOrNumber));
    }

    /**
     * The group that the program runs as: real, effective and saved ID.
     *
     * <p>Default: the own group of the {@link #user(String)} that is set, or else the JVM's. Cost: an exec of
     * spawn4j-init before that of the program, one setresgid(2), and for a name a look into the group database. An
     * unknown name shows at {@link SpawnStage#REQUEST}; without CAP_SETGID: EPERM at {@link SpawnStage#GROUP}. Source:
     * credentials(7), getgrnam(3).
     *
     * @param nameOrNumber a name, or a number from 0 to 4294967294 in decimal
     * @return this
     * @throws IllegalArgumentException if empty, with a null character, or out of range
     * @throws IllegalStateException if set before
     */
    public B group(String nameOrNumber) {
        return set(Setting.GROUP, PolicyCheck.account("group", nameOrNumber));
    }

    /**
     * The program's supplementary groups: these and no others.
     *
     * <p>Default: those of the {@link #user(String)} that is set, or else the JVM's. Cost: an exec of spawn4j-init
     * before that of the program, one setgroups(2), and for names a look into the group database. An unknown name shows
     * at {@link SpawnStage#REQUEST}; without CAP_SETGID: EPERM at {@link SpawnStage#SUPPLEMENTARY_GROUPS}. Source:
     * setgroups(2), getgrnam(3).
     *
     * @param namesOrNumbers names, or numbers from 0 to 4294967294 in decimal, at most 8192; none for no groups
     * @return this
     * @throws IllegalArgumentException if one is empty, with a null character, or out of range, or if there are too
     *     many
     * @throws IllegalStateException if set before
     */
    public B supplementaryGroups(String... namesOrNumbers) {
        return set(Setting.SUPPLEMENTARY_GROUPS, PolicyCheck.groups(namesOrNumbers));
    }

    /**
     * The capabilities that are left to the program: its permitted, effective, inheritable, ambient and bounding set
     * are exactly these, also as another user. What it starts can have no others, whatever file capabilities or
     * set-user-ID bits say.
     *
     * <p>Default: what execve(2) makes of the JVM's. Cost: an exec of spawn4j-init before that of the program, and
     * about 45 calls of prctl(2) and capset(2). Without CAP_SETPCAP: EPERM at {@link SpawnStage#BOUNDING_SET}; a
     * capability that the JVM does not have: EPERM at {@link SpawnStage#CAPABILITIES}. Source: capabilities(7), ambient
     * set Linux 4.3.
     *
     * @param capabilities those to keep; none for a program without any
     * @return this
     * @throws IllegalStateException if set before
     */
    public B keepCapabilities(Set<Capability> capabilities) {
        return set(Setting.KEEP_CAPABILITIES, PolicyCheck.capabilities(capabilities));
    }

    /**
     * No program that the child runs, or what it starts, can gain privileges: set-user-ID and set-group-ID bits and
     * file capabilities have no effect.
     *
     * <p>Default: as the JVM. Cost: an exec of spawn4j-init before that of the program, one prctl(2). Any user may.
     * Source: PR_SET_NO_NEW_PRIVS in prctl(2), Linux 3.5; {@link SpawnStage#NO_NEW_PRIVILEGES}.
     *
     * @return this
     * @throws IllegalStateException if set before
     */
    public B noNewPrivileges() {
        return set(Setting.NO_NEW_PRIVILEGES, true);
    }
}
