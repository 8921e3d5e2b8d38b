// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.suite;

import io.spawn4j.jmh.contender.Contender;

/** One contender in one scenario: what a fork measures. */
public record Cell(Suite suite, Scenario scenario, Contender contender) {
    /** What {@code --only} is matched against. */
    public String id() {
        return scenario.id() + "/" + contender;
    }
}
