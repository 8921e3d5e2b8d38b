// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import io.spawn4j.SpawnException;
import io.spawn4j.SpawnPolicy;
import io.spawn4j.SpawnStage;
import io.spawn4j.linux.child.Failures;
import io.spawn4j.linux.kernel.CLibrary;
import io.spawn4j.linux.kernel.StartFailure;
import io.spawn4j.spi.SpawnRequest;
import java.util.SortedSet;

/** User, group and supplementary groups that a policy names, looked up: numbers. */
final class Credentials {
    private static final int MAX_GROUPS = 8192; // INIT_MAX_GROUPS

    /** Bits of {@link #present()}, those of {@code struct init_config}. */
    private static final int GROUPS = 4;

    private static final int GID = 8;
    private static final int UID = 16;

    private final SpawnRequest request;
    private int present;
    private long uid;
    private long gid;
    private long[] groups = {};

    private Credentials(SpawnRequest request) {
        this.request = request;
    }

    static Credentials of(SpawnRequest request, CLibrary libc) throws SpawnException {
        Credentials credentials = new Credentials(request);
        try {
            credentials.lookUp(libc);
        } catch (StartFailure e) {
            throw Failures.unprepared(request, SpawnStage.REQUEST, e);
        }
        return credentials;
    }

    /** Which of them are to be set. */
    int present() {
        return present;
    }

    long uid() {
        return uid;
    }

    long gid() {
        return gid;
    }

    long[] groups() {
        return groups;
    }

    private void lookUp(CLibrary libc) throws StartFailure, SpawnException {
        SpawnPolicy policy = request.policy();
        if (policy.user().isEmpty()
                && policy.group().isEmpty()
                && policy.supplementaryGroups().isEmpty()) {
            return;
        }
        Accounts accounts = new Accounts(libc);
        if (policy.user().isPresent()) {
            takeUser(accounts, policy.user().get());
        }
        if (policy.group().isPresent()) {
            gid = group(accounts, policy.group().get());
            present |= GID;
        }
        if (policy.supplementaryGroups().isPresent()) {
            takeGroups(accounts, policy.supplementaryGroups().get());
        }
    }

    private void takeUser(Accounts accounts, String nameOrNumber) throws StartFailure, SpawnException {
        boolean number = isNumber(nameOrNumber);
        Accounts.User user = number ? accounts.user(Long.parseLong(nameOrNumber)) : accounts.user(nameOrNumber);
        if (user != null) {
            uid = user.uid();
            gid = user.gid();
            groups = accounts.groupsOf(user);
            if (groups.length > MAX_GROUPS) {
                throw new StartFailure(
                        "user \"" + nameOrNumber + "\" has more than " + MAX_GROUPS + " groups: " + groups.length);
            }
        } else if (number && request.policy().group().isPresent()) {
            uid = Long.parseLong(nameOrNumber);
        } else {
            throw unknown(
                    "user",
                    nameOrNumber,
                    number ? "; a number that is not in the user database needs a group() beside it" : "");
        }
        present |= UID | GID | GROUPS;
    }

    private void takeGroups(Accounts accounts, SortedSet<String> namesOrNumbers) throws StartFailure, SpawnException {
        groups = new long[namesOrNumbers.size()];
        int at = 0;
        for (String name : namesOrNumbers) {
            groups[at++] = group(accounts, name);
        }
        present |= GROUPS;
    }

    private long group(Accounts accounts, String nameOrNumber) throws StartFailure, SpawnException {
        if (isNumber(nameOrNumber)) {
            return Long.parseLong(nameOrNumber);
        }
        long found = accounts.group(nameOrNumber);
        if (found < 0) {
            throw unknown("group", nameOrNumber, "");
        }
        return found;
    }

    private SpawnException unknown(String what, String name, String hint) {
        return new SpawnException(
                Failures.opening(request) + ": no " + what + " \"" + name + "\" (stage: " + SpawnStage.REQUEST + ")"
                        + hint,
                SpawnStage.REQUEST,
                0,
                "",
                null);
    }

    private static boolean isNumber(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
