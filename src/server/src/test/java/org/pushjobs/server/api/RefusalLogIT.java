package org.pushjobs.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.security.KeyPair;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.server.directory.Principal;
import org.pushjobs.server.testing.LogCapture;

class RefusalLogIT {
    private static final KeyPair KEYS = PemKeys.generate();
    private static final String JOBS = "/organizations/acme/pushy/jobs";

    private TestApi api;
    private LogCapture log;

    @BeforeEach
    void start() throws Exception {
        api = TestApi.start();
        api.addMember("alice", Principal.Type.USER, KEYS);
        log = new LogCapture(RefusalLog.class).from(Level.INFO);
    }

    @AfterEach
    void stop() throws Exception {
        log.close();
        api.close();
    }

    private static TestRequest asked(String user) {
        return TestRequest.get(JOBS).sign(user, KEYS);
    }

    private List<String> lines() {
        return log.messages(Level.INFO);
    }

    @Test
    void aClientThatAsksAgainAndAgainIsNamedOnce() throws Exception {
        for (int i = 0; i < 5; i++) {
            asked("alice").header("X-Request-Id", "request-" + i).send(api);
        }

        assertThat(lines())
                .containsExactly(
                        "request refused [id: request-0, user: alice, org: acme, address: 127.0.0.1, method: GET,"
                                + " path: /organizations/acme/pushy/jobs, status: 403, reason: User or client 'alice' does not have"
                                + " access to that action on this server.]");
    }

    @Test
    void otherCausesAndAddressesHaveTheirOwnLines() throws Exception {
        asked("alice").send(api);
        asked("mallory").send(api);
        asked("alice").header("X-Forwarded-For", "192.0.2.7").send(api);
        asked("alice").header("X-Forwarded-For", "192.0.2.7").send(api);

        assertThat(lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("user: alice", "address: 127.0.0.1", "status: 403"),
                        line -> assertThat(line).contains("user: mallory", "address: 127.0.0.1", "status: 401"),
                        line -> assertThat(line).contains("user: alice", "address: 192.0.2.7", "status: 403"));
    }

    @Test
    void aFloodUnderInventedNamesHasOneLinePerPairRememberedAndOneMore() throws Exception {
        for (int i = 0; i < 1_100; i++) {
            asked("invented-" + i).send(api);
        }

        assertThat(lines()).hasSize(1001);
        assertThat(lines().getLast())
                .startsWith("requests refused for too many causes and addresses to name each, for example [id: ")
                .contains("user: invented-1000", "named: 1000");
    }

    @Test
    void whatIsNotThereIsNotToldAtAll() throws Exception {
        TestRequest.get("/organizations/acme/pushy/nothing").send(api);

        assertThat(lines()).isEmpty();
    }
}
