// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spawn4j.linux.kernel.StartFailure;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a cgroup is found in the file system, by lines as proc_pid_mountinfo(5) has them. */
class LeafParentTest {
    private static final String PROC = "21 26 0:20 / /proc rw,nosuid - proc proc rw";
    private static final String VERSION_1 = "33 25 0:28 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory";

    private static String unified(String root, String point) {
        return "30 25 0:26 " + root + " " + point + " rw,nosuid shared:4 - cgroup2 cgroup2 rw";
    }

    @Test
    void unifiedHierarchy() throws Exception {
        assertThat(LeafParent.locate("/user.slice/a b", List.of(PROC, unified("/", "/sys/fs/cgroup"))))
                .isEqualTo(Path.of("/sys/fs/cgroup/user.slice/a b"));
        assertThat(LeafParent.locate("/", List.of(unified("/", "/sys/fs/cgroup"))))
                .isEqualTo(Path.of("/sys/fs/cgroup"));
    }

    @Test
    void hybridHostAndUnusualPlace() throws Exception {
        assertThat(LeafParent.locate("/x", List.of(VERSION_1, unified("/", "/sys/fs/cgroup/unified"))))
                .isEqualTo(Path.of("/sys/fs/cgroup/unified/x"));
        assertThat(LeafParent.locate("/x", List.of(unified("/", "/mnt/two\\040words"))))
                .isEqualTo(Path.of("/mnt/two words/x"));
    }

    @Test
    void mountOfAPartOfTheHierarchy() throws Exception {
        List<String> mounts = List.of(unified("/docker/1", "/first"), unified("/docker/12", "/second"));
        assertThat(LeafParent.locate("/docker/12/app", mounts)).isEqualTo(Path.of("/second/app"));
        assertThat(LeafParent.locate("/docker/12", mounts)).isEqualTo(Path.of("/second"));
    }

    @Test
    void oneThatIsNotMountedIsRefused() {
        assertThatThrownBy(() -> LeafParent.locate("/x", List.of(PROC, VERSION_1)))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("cgroup /x of version 2 is not mounted here");
        assertThatThrownBy(() -> LeafParent.locate("/../x", List.of(unified("/a", "/b"))))
                .isInstanceOf(StartFailure.class);
    }
}
