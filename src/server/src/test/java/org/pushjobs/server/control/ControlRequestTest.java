package org.pushjobs.server.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlRequestTest {
    static final List<ControlRequest> REQUESTS = List.of(
            new ControlRequest.Status(),
            new ControlRequest.Promote(),
            new ControlRequest.BeginDrain(Drain.WithoutSuccessor.REFUSED, 1),
            new ControlRequest.BeginDrain(Drain.WithoutSuccessor.ACCEPTED, 10_000),
            new ControlRequest.EndDrain());

    @ParameterizedTest
    @FieldSource("REQUESTS")
    void whatIsSentIsUnderstood(ControlRequest request) {
        assertThat(ControlRequest.parse(request.line())).contains(request);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET /promote",
                "POST /status",
                "POST /drain",
                "GET /drain/REFUSED/1",
                "POST /drain/REFUSED/0",
                "POST /drain/REFUSED/10001",
                "POST /drain/MAYBE/1",
                "POST /drain/REFUSED/1/2"
            })
    void everythingElseIsNot(String line) {
        assertThat(ControlRequest.parse(line)).isEmpty();
    }

    @Test
    void numberOfConnectionsHasARange() {
        assertThatThrownBy(() -> new ControlRequest.BeginDrain(Drain.WithoutSuccessor.REFUSED, 0))
                .hasMessage("connections per second are from 1 to 10000, not 0");
    }
}
