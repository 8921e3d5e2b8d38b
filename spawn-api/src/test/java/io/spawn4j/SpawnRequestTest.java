// SPDX-License-Identifier: Apache-2.0
package io.spawn4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spawn4j.spi.SpawnRequest;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpawnRequestTest {

    private static SpawnRequest request(List<String> command, Redirect output) {
        return new SpawnRequest(
                command,
                Map.of("TOKEN", "secret"),
                new File("/srv"),
                Redirect.PIPE,
                output,
                Redirect.PIPE,
                false,
                SpawnPolicy.dieWithParent());
    }

    @Test
    void printsNoVariables() {
        assertThat(request(List.of("a", "b"), Redirect.PIPE))
                .hasToString("SpawnRequest{command=[a, b], directory=/srv,"
                        + " policy=SpawnPolicy{parentDeathSignal=SIGKILL}}");
    }

    @Test
    void refusesWhatAnEngineCouldNotUse() {
        assertThatThrownBy(() -> request(List.of(), Redirect.PIPE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> request(List.of("a"), null)).isInstanceOf(NullPointerException.class);
    }
}
