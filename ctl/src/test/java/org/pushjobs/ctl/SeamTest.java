package org.pushjobs.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The program shares settings, secrets and tables with the server, and has nothing of what the server runs on. */
class SeamTest {
    @Test
    void neitherTheServerNorItsEngineIsOnTheClassPath() {
        assertThat(Stream.of(
                                "org.pushjobs.server.PushJobsServer",
                                "org.pushjobs.zmtp.nacl.Nacl",
                                "io.vertx.core.Vertx",
                                "io.netty.buffer.ByteBuf",
                                "io.micrometer.core.instrument.Meter")
                        .filter(SeamTest::isThere))
                .isEmpty();
    }

    @Test
    void whatIsLookedForIsFoundWhereItIs() {
        assertThat(isThere("org.pushjobs.config.ServerConfig")).isTrue();
    }

    private static boolean isThere(String className) {
        try {
            Class.forName(className, false, SeamTest.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
