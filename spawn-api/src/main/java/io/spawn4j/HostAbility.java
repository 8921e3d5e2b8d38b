// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

/**
 * One thing that the host can or cannot do: a row of {@link SpawnCapabilities}.
 *
 * @param name what, for example {@code pidfds}
 * @param available whether it can
 * @param how how that was found out, or what refused it
 */
public record HostAbility(String name, boolean available, String how) {}
