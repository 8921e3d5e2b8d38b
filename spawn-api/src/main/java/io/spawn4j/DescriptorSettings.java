// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import java.lang.ProcessBuilder.Redirect;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The descriptors that a child gets beside the standard streams.
 *
 * @param <B> the builder, which each method returns
 */
abstract class DescriptorSettings<B> extends ChildSettings<B> {
    private final SortedMap<Integer, Integer> extraDescriptors = new TreeMap<>();
    private final SortedMap<Integer, Redirect> extraFiles = new TreeMap<>();

    DescriptorSettings(Map<Setting<?>, Object> values) {
        super(values);
        extraDescriptors.putAll(Setting.EXTRA_DESCRIPTORS.in(values));
        extraFiles.putAll(Setting.EXTRA_FILES.in(values));
    }

    /**
     * Gives the child a descriptor of the JVM under a number, beside the standard streams. It must stay open in the JVM
     * until the start returns, and is not closed by it; both then share the open file description.
     *
     * <p>Default: none. Cost: one dup3(2) for each, and its way to the child. EBADF at
     * {@link SpawnStage#DESCRIPTORS} if the JVM has no such descriptor. Source: dup(2), SCM_RIGHTS in unix(7).
     *
     * @param childFd its number in the child, 3 to 1023
     * @param fd its number in the JVM, from 0
     * @return this
     * @throws IllegalArgumentException if out of range
     * @throws IllegalStateException if this number of the child is set before, or with more than 248 extra
     *     descriptors and files in total
     */
    public B extraDescriptor(int childFd, int fd) {
        PolicyCheck.range("extraDescriptor", fd, 0, Integer.MAX_VALUE);
        claim(childFd);
        extraDescriptors.put(childFd, fd);
        return self();
    }

    /**
     * Opens a file for the child under a number, beside the standard streams. The calling thread opens it at each
     * start, which waits for as long as that takes.
     *
     * <p>Default: none. Cost: open(2) and close(2) by the caller, one dup3(2) by the child. An error of open(2) shows
     * at {@link SpawnStage#REDIRECT}, one of dup3(2) at {@link SpawnStage#DESCRIPTORS}. Source: open(2), unix(7)
     * SCM_RIGHTS.
     *
     * @param childFd its number in the child, 3 to 1023
     * @param fileRedirect a redirect from, to or appending to a file, or DISCARD
     * @return this
     * @throws IllegalArgumentException if out of range, if the redirect is PIPE or INHERIT, or if its path has a NUL
     * @throws IllegalStateException if this number of the child is set before, or with more than 248 extra
     *     descriptors and files in total
     */
    public B extraFile(int childFd, Redirect fileRedirect) {
        PolicyCheck.file(fileRedirect);
        claim(childFd);
        extraFiles.put(childFd, fileRedirect);
        return self();
    }

    private void claim(int childFd) {
        PolicyCheck.range(
                "descriptor of the child", childFd, PolicyCheck.MIN_CHILD_DESCRIPTOR, PolicyCheck.MAX_CHILD_DESCRIPTOR);
        if (!extraDescriptors.containsKey(childFd)
                && !extraFiles.containsKey(childFd)
                && extraDescriptors.size() + extraFiles.size() == PolicyCheck.MAX_EXTRA) {
            throw new IllegalStateException(
                    "descriptor " + childFd + " of the child: more than " + PolicyCheck.MAX_EXTRA + " in total");
        }
        once("descriptor " + childFd + " of the child");
        extraDescriptors.remove(childFd);
        extraFiles.remove(childFd);
    }

    void putDescriptors() {
        Setting.EXTRA_DESCRIPTORS.put(values, Collections.unmodifiableSortedMap(new TreeMap<>(extraDescriptors)));
        Setting.EXTRA_FILES.put(values, Collections.unmodifiableSortedMap(new TreeMap<>(extraFiles)));
    }
}
