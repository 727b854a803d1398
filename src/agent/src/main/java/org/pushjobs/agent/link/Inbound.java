package org.pushjobs.agent.link;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.pushjobs.agent.execution.Refusal;
import org.pushjobs.agent.job.JobInput;
import org.pushjobs.protocol.codec.RefusedCommitException;
import org.pushjobs.protocol.codec.RejectedMessageException;
import org.pushjobs.protocol.codec.RejectionReason;
import org.pushjobs.protocol.codec.WrongTimeException;
import org.pushjobs.protocol.message.ServerHeartbeat;
import org.pushjobs.protocol.message.ServerMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What comes in on both ports: checked, and handed to those whom it concerns. Belongs to the agent's thread. */
final class Inbound {
    private static final Logger LOG = LoggerFactory.getLogger(Inbound.class);

    /** Messages taken from one port before the rest has its turn. */
    private static final int BATCH = 64;

    private final ServerPorts ports;
    private final JobDesk desk;
    private final Outbound outbound;
    private final ConfigDesk config;
    private final LongSupplier clock;
    private final Consumer<Instant> serverTime;
    private final RateLimitedLog warnings = new RateLimitedLog(LOG);

    /**
     * @param clock monotonic, in milliseconds
     * @param serverTime gets told what time it is for the server
     */
    Inbound(
            ServerPorts ports,
            JobDesk desk,
            Outbound outbound,
            ConfigDesk config,
            LongSupplier clock,
            Consumer<Instant> serverTime) {
        this.ports = ports;
        this.desk = desk;
        this.outbound = outbound;
        this.config = config;
        this.clock = clock;
        this.serverTime = serverTime;
    }

    /** Takes what is there. */
    void receive(ServerLink link) {
        boolean more = true;
        for (int i = 0; more && i < BATCH; i++) {
            more = receiveHeartbeat(link) | receiveCommand(link);
        }
    }

    private boolean receiveHeartbeat(ServerLink link) {
        try {
            Optional<Frames> frames = ports.receiveHeartbeat();
            if (frames.isPresent()) {
                heartbeat(
                        link.reader()
                                .readHeartbeat(
                                        frames.get().header(), frames.get().body()),
                        link);
            }
            return frames.isPresent();
        } catch (WrongTimeException e) {
            rejected("server heartbeat", e);
            signOfLife(e.timestamp(), link);
            return true;
        } catch (RejectedMessageException e) {
            rejected("server heartbeat", e);
            if (e.reason() == RejectionReason.BAD_SIGNATURE && !link.presence().online()) {
                config.heartbeatIsStrange(
                        FetchReason.UNVERIFIABLE, link.session().intervalMillis());
            }
            return true;
        }
    }

    private void heartbeat(ServerHeartbeat heartbeat, ServerLink link) {
        signOfLife(heartbeat.timestamp(), link);
        if (heartbeat.incarnationId().equals(link.session().document().incarnationId())) {
            config.heartbeatFits();
        } else {
            config.heartbeatIsStrange(
                    FetchReason.NEW_INCARNATION, link.session().intervalMillis());
        }
    }

    /** Also a heartbeat whose time is wrong shows that the server is there. */
    private void signOfLife(Instant timestamp, ServerLink link) {
        serverTime.accept(timestamp);
        link.silence().serverHeartbeat(clock.getAsLong());
        if (link.presence().heard(clock.getAsLong())) {
            LOG.info(
                    "the server is back [server: {}]", link.session().document().host());
            outbound.heartbeat();
        }
    }

    private boolean receiveCommand(ServerLink link) {
        try {
            Optional<Frames> frames = ports.receiveCommand();
            if (frames.isPresent()) {
                command(
                        link.reader()
                                .readCommand(frames.get().header(), frames.get().body()),
                        link);
            }
            return frames.isPresent();
        } catch (WrongTimeException e) {
            rejected("command", e);
            answered(link);
            return true;
        } catch (RefusedCommitException e) {
            rejected("command", e);
            answered(link);
            refuse(
                    e.jobId(),
                    e.reason() == RejectionReason.BODY_TOO_LONG ? Refusal.Kind.TOO_LARGE : Refusal.Kind.BAD_MESSAGE,
                    "the message that asks for the job cannot be taken: " + e.getMessage());
            return true;
        } catch (RejectedMessageException e) {
            rejected("command", e);
            return true;
        }
    }

    /** Results that waited for a sign of the server go out first, unless it wants them dropped. */
    private void command(ServerMessage message, ServerLink link) {
        answered(link);
        switch (message) {
            case ServerMessage.Abort _ -> desk.apply(new JobInput.AbortReceived());
            case ServerMessage.Ack _ -> outbound.flush(link, clock.getAsLong());
            case ServerMessage.Run(var jobId) -> desk.apply(new JobInput.RunReceived(jobId));
            case ServerMessage.Commit commit -> {
                outbound.flush(link, clock.getAsLong());
                commit(commit, link);
            }
            case ServerMessage.AckResult(var jobId) -> desk.results().acknowledged(jobId);
            case ServerMessage.AckOutput ack -> desk.outputAcknowledged(ack, clock.getAsLong());
        }
    }

    private void answered(ServerLink link) {
        link.silence().answered();
        config.commandPortAnswers();
    }

    private void commit(ServerMessage.Commit commit, ServerLink link) {
        if (!link.presence().online()) {
            refuse(commit.jobId(), Refusal.Kind.SERVER_AWAY, "the server's heartbeats are missing");
        } else if (desk.results().next().isPresent()) {
            refuse(commit.jobId(), Refusal.Kind.BUSY, "the result of an earlier job is not sent yet");
        } else {
            desk.commit(commit);
        }
    }

    private void refuse(String jobId, Refusal.Kind kind, String text) {
        desk.apply(new JobInput.CommitRefused(jobId, new Refusal(kind, text)));
    }

    private void rejected(String what, RejectedMessageException rejection) {
        warnings.warn(
                "dropped a " + what + " that breaks a rule: "
                        + rejection.reason().label(),
                "detail: " + rejection.getMessage(),
                clock.getAsLong());
    }
}
