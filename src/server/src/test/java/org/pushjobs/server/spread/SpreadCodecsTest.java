package org.pushjobs.server.spread;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.pushjobs.server.bus.CodecCheck;

class SpreadCodecsTest {
    @Test
    void whatGatewaysTellStandsAll() {
        new CodecCheck<>(SpreadCodecs.NEWS, records -> records.make(GatewayNews.class)).all();
    }

    @Test
    void whatGatewaysTellIsWrittenAsEver() throws IOException {
        CodecCheck.isWrittenAsEver(
                SpreadCodecs.NEWS,
                GatewayNews.opened("life", "push-1.example.com", 10_000, 10_002, "incarnation")
                        .with(2_000, Intake.TOO_MANY));
    }
}
