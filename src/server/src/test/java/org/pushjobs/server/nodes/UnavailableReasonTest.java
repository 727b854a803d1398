package org.pushjobs.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.codec.RejectionReason;
import org.pushjobs.server.gateway.ContactLog;

class UnavailableReasonTest {
    private static final Instant NOW = Instant.parse("2026-01-15T12:00:00Z");
    private static final String ADDRESS = "192.0.2.7";

    /** What is known of a node; numbers are seconds before now, negative when it never happened. */
    private record Known(int fetched, int seen, int rejected, int refused, int configRefused) {
        Known(int fetched, int seen, int rejected, int refused) {
            this(fetched, seen, rejected, refused, -1);
        }

        NodeFacts facts(RejectionReason reason) {
            return new NodeFacts(
                    new NodeRef("00112233445566778899aabbccddeeff", "web-1"),
                    Optional.empty(),
                    at(seen).map(at -> new AgentContact(at, at.minusSeconds(1), ADDRESS, "web-1.example.com", "2.0")),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    at(configRefused).map(at -> new ContactLog.ConfigRefusal(at, ADDRESS, 401, "wrong key")),
                    at(rejected)
                            .map(at -> new ContactLog.Rejection(
                                    at, reason, "details", Optional.of(Duration.ofSeconds(-302)))),
                    at(refused).map(at -> new ContactLog.Refusal(at, ADDRESS, "its key is not known")));
        }
    }

    private static Optional<Instant> at(int secondsAgo) {
        return secondsAgo < 0 ? Optional.empty() : Optional.of(NOW.minusSeconds(secondsAgo));
    }

    static Stream<Arguments> histories() {
        return Stream.of(
                row("nothing is known", new Known(-1, -1, -1, -1), new UnavailableReason.NeverFetchedConfig()),
                row("only a fetch", new Known(60, -1, -1, -1), new UnavailableReason.NeverConnected(ago(60))),
                row(
                        "a fetch after it was seen",
                        new Known(10, 60, -1, -1),
                        new UnavailableReason.NeverConnected(ago(10))),
                row("seen after its fetch", new Known(60, 10, -1, -1), new UnavailableReason.WentSilent(ago(11))),
                row("seen, fetch unknown", new Known(-1, 10, -1, -1), new UnavailableReason.WentSilent(ago(11))),
                row("rejected after its fetch", new Known(60, -1, 10, -1), new UnavailableReason.BadSignature(ago(10))),
                row("rejected before its fetch", new Known(5, -1, 10, -1), new UnavailableReason.BadSignature(ago(10))),
                row(
                        "rejected after it was seen",
                        new Known(60, 30, 10, -1),
                        new UnavailableReason.BadSignature(ago(10))),
                row(
                        "rejected before it was seen",
                        new Known(60, 10, 30, -1),
                        new UnavailableReason.WentSilent(ago(11))),
                row("refused after its fetch", new Known(60, -1, -1, 10), refused(10)),
                row("refused before its fetch", new Known(5, -1, -1, 10), new UnavailableReason.NeverConnected(ago(5))),
                row("refused after it was seen", new Known(60, 30, -1, 10), refused(10)),
                row("refused before it was seen", new Known(60, 10, -1, 30), new UnavailableReason.WentSilent(ago(11))),
                row("refused, then rejected", new Known(60, -1, 10, 20), new UnavailableReason.BadSignature(ago(10))),
                row("rejected, then refused", new Known(60, -1, 20, 10), refused(10)),
                row("only refused its configuration", new Known(-1, -1, -1, -1, 10), configRefused(10)),
                row("refused a new configuration", new Known(60, 30, -1, -1, 10), configRefused(10)),
                row(
                        "refused a configuration before it got one",
                        new Known(5, -1, -1, -1, 10),
                        new UnavailableReason.NeverConnected(ago(5))),
                row(
                        "refused a configuration before it was seen",
                        new Known(60, 10, -1, -1, 30),
                        new UnavailableReason.WentSilent(ago(11))),
                row("key refused, then its configuration", new Known(60, -1, -1, 20, 10), configRefused(10)),
                row("configuration refused, then its key", new Known(60, -1, -1, 10, 20), refused(10)),
                row("rejected, then refused its configuration", new Known(60, -1, 20, -1, 10), configRefused(10)),
                row(
                        "refused its configuration, then rejected",
                        new Known(60, -1, 10, -1, 20),
                        new UnavailableReason.BadSignature(ago(10))));
    }

    private static Instant ago(int seconds) {
        return NOW.minusSeconds(seconds);
    }

    private static UnavailableReason refused(int secondsAgo) {
        return new UnavailableReason.KeyRefused(ago(secondsAgo), ADDRESS, "its key is not known");
    }

    private static UnavailableReason configRefused(int secondsAgo) {
        return new UnavailableReason.ConfigRefused(ago(secondsAgo), ADDRESS, 401, "wrong key");
    }

    private static Arguments row(String name, Known known, UnavailableReason expected) {
        return Arguments.argumentSet(name, known, expected);
    }

    @ParameterizedTest
    @MethodSource("histories")
    void newestEvidenceIsTheReasonOfANodeWithoutSession(Known known, UnavailableReason expected) {
        assertThat(UnavailableReason.of(known.facts(RejectionReason.BAD_SIGNATURE), at(known.fetched())))
                .contains(expected);
    }

    @ParameterizedTest
    @EnumSource
    void everyRejectionIsAReason(RejectionReason rejection) {
        UnavailableReason reason = UnavailableReason.of(new Known(60, -1, 10, -1).facts(rejection), at(60))
                .orElseThrow();

        assertThat(reason.label())
                .isEqualTo(
                        switch (rejection) {
                            case BAD_SIGNATURE -> "bad_signature";
                            case CLOCK_SKEW -> "clock_skew";
                            default -> "messages_rejected";
                        });
        assertThat(reason.since()).contains(ago(10));
        assertThat(reason.message(NOW)).contains("10 s ago");
    }

    @Test
    void clockSkewSaysHowMuchAndWhichWay() {
        assertThat(new UnavailableReason.ClockSkew(NOW, Duration.ofSeconds(-302)).message(NOW))
                .contains("302 s ahead of the server's");
        assertThat(new UnavailableReason.ClockSkew(NOW, Duration.ofSeconds(302)).message(NOW))
                .contains("302 s behind the server's");
    }

    @Test
    void refusedConfigurationSaysWhatWhenAndFromWhere() {
        assertThat(configRefused(10).message(NOW)).contains("from 192.0.2.7", "10 s ago", "401: wrong key", "its key?");
        assertThat(new UnavailableReason.ConfigRefused(NOW, ADDRESS, 403, "x".repeat(300)).message(NOW))
                .contains("client name");
        assertThat(new ContactLog.ConfigRefusal(NOW, ADDRESS, 403, "x".repeat(300)).detail())
                .hasSize(255);
    }

    @Test
    void availableNodeHasNoReasonWhateverHappenedBefore() {
        assertThat(UnavailableReason.of(withSession(true, false), at(1))).isEmpty();
    }

    @Test
    void nodeWithSessionThatIsNotAvailableIsInRehab() {
        assertThat(UnavailableReason.of(withSession(false, false), at(1)))
                .contains(new UnavailableReason.InRehab(ago(20)));
    }

    @Test
    void nodeWhoseConnectionEndedIsDisconnected() {
        assertThat(UnavailableReason.of(withSession(false, true), at(1)))
                .contains(new UnavailableReason.Disconnected(ago(20)));
    }

    @Test
    void agentThatSaidGoodbyeWasStopped() {
        NodeFacts facts = stopped(new Known(60, 10, -1, -1).facts(RejectionReason.BAD_SIGNATURE));

        assertThat(UnavailableReason.of(facts, at(60))).contains(new UnavailableReason.AgentStopped(ago(9)));
    }

    @Test
    void whatHappensAfterAGoodbyeIsNewer() {
        NodeFacts facts = stopped(new Known(60, 10, 5, -1).facts(RejectionReason.BAD_SIGNATURE));

        assertThat(UnavailableReason.of(facts, at(60))).contains(new UnavailableReason.BadSignature(ago(5)));
    }

    private static NodeFacts stopped(NodeFacts facts) {
        return new NodeFacts(
                facts.node(),
                facts.session(),
                facts.contact(),
                facts.changedAt(),
                Optional.of(ago(9)),
                facts.rivals(),
                facts.fetch(),
                facts.configRefusal(),
                facts.rejection(),
                facts.refusal());
    }

    @Test
    void rivalsAreTheReasonBeforeAnythingElse() {
        NodeFacts facts = new Known(60, 50, 10, 10).facts(RejectionReason.BAD_SIGNATURE);
        NodeFacts contested = new NodeFacts(
                facts.node(),
                facts.session(),
                facts.contact(),
                facts.changedAt(),
                facts.stoppedAt(),
                Optional.of(new NodeFacts.Rivals(ago(30), List.of("a (192.0.2.1)", "b (192.0.2.2)"))),
                facts.fetch(),
                facts.configRefusal(),
                facts.rejection(),
                facts.refusal());

        UnavailableReason reason = UnavailableReason.of(contested, at(60)).orElseThrow();

        assertThat(reason)
                .isEqualTo(new UnavailableReason.DuplicateAgents(ago(30), List.of("a (192.0.2.1)", "b (192.0.2.2)")));
        assertThat(reason.message(NOW)).contains("a (192.0.2.1) and b (192.0.2.2)");
    }

    @Test
    void nodeWithSessionWhoseMessagesHaveAWrongTimeHasThatAsItsReason() {
        assertThat(UnavailableReason.of(withSession(false, false, RejectionReason.CLOCK_SKEW, 10), at(1)))
                .contains(new UnavailableReason.ClockSkew(ago(10), Duration.ofSeconds(-302)));
        assertThat(UnavailableReason.of(withSession(false, false, RejectionReason.CLOCK_SKEW, 60), at(1)))
                .as("it was before its last message that was right")
                .contains(new UnavailableReason.InRehab(ago(20)));
    }

    private static NodeFacts withSession(boolean available, boolean disconnected) {
        return withSession(available, disconnected, RejectionReason.BAD_SIGNATURE, 10);
    }

    private static NodeFacts withSession(
            boolean available, boolean disconnected, RejectionReason rejection, int rejected) {
        NodeFacts facts = new Known(1, 50, rejected, 10).facts(rejection);
        return new NodeFacts(
                facts.node(),
                Optional.of(new NodeFacts.Session(available, disconnected, Optional.empty())),
                facts.contact(),
                Optional.of(ago(20)),
                Optional.empty(),
                Optional.empty(),
                facts.fetch(),
                facts.configRefusal(),
                facts.rejection(),
                facts.refusal());
    }
}
