package org.pushjobs.server.gateway;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.codec.AgentMessageReader;
import org.pushjobs.protocol.codec.MessageLimits;
import org.pushjobs.protocol.codec.RejectedMessageException;
import org.pushjobs.protocol.codec.RejectionReason;
import org.pushjobs.protocol.codec.WrongTimeException;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.signing.SessionKey;
import org.pushjobs.server.metrics.GatewayMetrics;
import org.pushjobs.server.rejections.RejectionLog;
import org.pushjobs.zmtp.wire.Frames;

/**
 * Checks what arrives on the command port (wire-protocol.md, "Body frame: JSON object"): a message that fails is counted,
 * noted and logged at a bounded rate, and changes nothing; but one that only has a wrong time shows that its agent lives.
 * Usable from any thread.
 */
final class MessageCheck {
    private static final int MANY_FRAMES = 4;

    private final AgentMessageReader reader;
    private final KeyRing keys;
    private final GatewayMetrics metrics;
    private final RejectionLog rejections;
    private final ContactLog contacts;
    private final Clock clock;
    private final AgentTimes times;

    /** What became of a message. */
    sealed interface Checked {
        /** It is authentic, recent and of the node that the connection belongs to. */
        record InTime(AgentMessage message) implements Checked {}

        /** It is all that but recent: a sign of life and nothing else. */
        record OfWrongTime(AgentMessage message) implements Checked {}

        /** It broke another rule. */
        record Dropped() implements Checked {}
    }

    MessageCheck(
            MessageLimits limits,
            KeyRing keys,
            GatewayMetrics metrics,
            RejectionLog rejections,
            ContactLog contacts,
            Clock clock,
            AgentTimes times) {
        this.reader = new AgentMessageReader(limits, clock);
        this.keys = Objects.requireNonNull(keys, "keys");
        this.metrics = Objects.requireNonNull(metrics, "metrics");
        this.rejections = Objects.requireNonNull(rejections, "rejections");
        this.contacts = Objects.requireNonNull(contacts, "contacts");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.times = Objects.requireNonNull(times, "times");
    }

    /** @param frames of one message */
    Checked check(AgentConnection connection, Frames frames) {
        Sender sender = new Sender(connection);
        try {
            int count = frames.count() + frames.dropped();
            if (count != 2) {
                throw new RejectedMessageException(
                        RejectionReason.WRONG_FRAME_COUNT,
                        "a message has 2 frames, not " + (count >= MANY_FRAMES ? MANY_FRAMES + " or more" : count));
            }
            AgentMessage message = reader.read(frames.copy(0), frames.copy(1), sender);
            authentic(connection, sender, message.envelope().timestamp());
            metrics.messageReceived(message);
            return new Checked.InTime(message);
        } catch (WrongTimeException e) {
            authentic(connection, sender, e.timestamp());
            rejected(connection, sender, e);
            return new Checked.OfWrongTime(sender.message.orElseThrow());
        } catch (RejectedMessageException e) {
            rejected(connection, sender, e);
            return new Checked.Dropped();
        }
    }

    private void authentic(AgentConnection connection, Sender sender, Instant timestamp) {
        AdmittedNode node = sender.claimed.orElseThrow();
        connection.heardOf(keys, node);
        times.heard(node.node().hashCode(), timestamp);
    }

    private void rejected(AgentConnection connection, Sender sender, RejectedMessageException rejection) {
        metrics.messageRejected(rejection.reason());
        Optional<AdmittedNode> node = connection.likelyOwner().or(() -> sender.claimed);
        String peer = connection
                .likelyOwner()
                .map(owner -> owner.orgName() + "/" + owner.node().node())
                .orElse(connection.route().address());
        rejections.rejected(rejection.reason(), peer, rejection.getMessage());
        Instant now = clock.instant();
        node.ifPresent(known -> contacts.messageRejected(
                known.node(),
                new ContactLog.Rejection(
                        now,
                        rejection.reason(),
                        rejection.getMessage(),
                        rejection instanceof WrongTimeException skewed
                                ? Optional.of(Duration.between(skewed.timestamp(), now))
                                : Optional.empty())));
    }

    /** Finds out who sent a message: with CURVE the owner of the connection's key, and the message must say the same. */
    private final class Sender implements AgentMessageReader.KeyLookup {
        private final AgentConnection connection;
        private Optional<AdmittedNode> claimed = Optional.empty();
        private Optional<AgentMessage> message = Optional.empty();

        private Sender(AgentConnection connection) {
            this.connection = connection;
        }

        @Override
        public SessionKey keyFor(AgentMessage decoded) throws RejectedMessageException {
            String org = decoded.envelope().org();
            String node = decoded.envelope().node();
            AdmittedNode sender = connection
                    .claimed(keys, org, node)
                    .orElseThrow(() -> new RejectedMessageException(
                            RejectionReason.UNKNOWN_NODE, "the node has not fetched its configuration here"));
            if (!sender.is(org, node)) {
                throw new RejectedMessageException(
                        RejectionReason.WRONG_NODE,
                        "the message says that it is from another node than the connection");
            }
            claimed = Optional.of(sender);
            message = Optional.of(decoded);
            return sender.sessionKey();
        }
    }
}
