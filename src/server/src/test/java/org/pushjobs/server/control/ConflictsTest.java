package org.pushjobs.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushjobs.config.ServerRole;
import org.pushjobs.server.cluster.MemberInfo;
import org.pushjobs.server.management.Readiness;

/** What servers have that does not go together. */
class ConflictsTest {
    private static final Readiness READY = Readiness.of(Optional.empty());

    static Seen server(String name, String version, Optional<String> gatewayPlace) {
        return new Seen(
                name,
                name + ":5701",
                new MemberInfo(name, version, name, EnumSet.allOf(ServerRole.class)),
                name.equals("a"),
                Optional.of(new MemberState(
                        Optional.of(READY),
                        Optional.empty(),
                        Optional.of(READY),
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        gatewayPlace,
                        OptionalInt.empty())));
    }

    private static List<String> amongVersions(String... versions) {
        return Conflicts.among(Stream.of(versions)
                .map(version -> server(version, version, Optional.empty()))
                .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "4.0.0, 4.0.9, 4.1.0",
        "4.9.1, 4.10.0, 4.10.0",
        "4.7.0, 5.0.0, 5.0.3",
        "4.0.0-SNAPSHOT, 4.0.0, 4.1.0-rc.1",
        "checkout, '', 4.0.0"
    })
    void versionAndTheNextGoTogether(String one, String two, String three) {
        assertThat(amongVersions(one, two, three)).isEmpty();
        assertThat(amongVersions(three, one, two)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"4.0.0, 4.2.0", "4.9.0, 4.11.0", "4.0.0, 5.1.0", "4.0.0, 6.0.0"})
    void versionAndOneAfterTheNextDoNot(String older, String newer) {
        assertThat(amongVersions(newer, older))
                .singleElement()
                .asString()
                .startsWith(older + " (" + older + ":5701) with version " + older + " and " + newer + " (" + newer
                        + ":5701) with version " + newer + " are further apart than a version and the next one");
    }

    @Test
    void oneInBetweenDoesNotHelpTheOthers() {
        assertThat(amongVersions("4.1.0", "4.2.0", "4.0.0"))
                .singleElement()
                .asString()
                .contains("4.0.0")
                .contains("4.2.0");
    }

    @Test
    void gatewaysWithOneAddressAreSaid() {
        List<Seen> servers = List.of(
                server("a", "4.0.0", Optional.of("push.example.com:10002")),
                server("b", "4.0.0", Optional.of("192.0.2.12:10002")),
                server("c", "4.0.0", Optional.of("Push.example.com:10002")),
                server("d", "4.0.0", Optional.empty()),
                server("e", "4.0.0", Optional.empty()));

        assertThat(Conflicts.among(servers))
                .singleElement()
                .asString()
                .startsWith("a (a:5701), c (c:5701) tell agents the same address, push.example.com:10002, so that")
                .contains("gateway_address");
    }

    @Test
    void gatewaysOnOneMachineWithPortsOfTheirOwnGoTogether() {
        assertThat(Conflicts.among(List.of(
                        server("a", "4.0.0", Optional.of("push.example.com:10002")),
                        server("b", "4.0.0", Optional.of("push.example.com:11002")))))
                .isEmpty();
    }
}
