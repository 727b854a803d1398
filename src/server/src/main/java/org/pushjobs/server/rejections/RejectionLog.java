package org.pushjobs.server.rejections;

import java.time.Clock;
import java.time.Duration;
import org.pushjobs.protocol.codec.RejectionReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs dropped messages, once for each cause and peer in an interval and with the number left out since (wire-protocol.md,
 * "Validation order"). Usable from any thread.
 */
public final class RejectionLog {
    private static final Logger LOG = LoggerFactory.getLogger(RejectionLog.class);
    private static final int MAX_DETAIL_CHARACTERS = 500;

    private final LineQuota<RejectionReason> quota;

    public RejectionLog(Clock clock) {
        this.quota = new LineQuota<>(clock);
    }

    RejectionLog(Clock clock, Duration interval, int maxPairs) {
        this.quota = new LineQuota<>(clock, interval, maxPairs);
    }

    /**
     * @param peer who sent the message as far as it is known, such as {@code acme/web-1} or an address; may come from the
     *     message itself and is cut and cleaned for the log
     * @param detail what was wrong; no secrets, no captured output
     */
    public void rejected(RejectionReason reason, String peer, String detail) {
        switch (quota.about(reason, peer)) {
            case LineQuota.Verdict.Own own ->
                own.suppressed()
                        .ifPresentOrElse(
                                suppressed -> LOG.warn(
                                        "message rejected [reason: {}, peer: {}, detail: {}, suppressed: {}]",
                                        reason.label(),
                                        own.peer(),
                                        printable(detail),
                                        suppressed),
                                () -> LOG.warn(
                                        "message rejected [reason: {}, peer: {}, detail: {}]",
                                        reason.label(),
                                        own.peer(),
                                        printable(detail)));
            case LineQuota.Verdict.Shared shared ->
                LOG.warn(
                        "messages rejected from too many peers to name each [for example: {}, reason: {}, peers named: {}"
                                + ", suppressed: {}]",
                        shared.peer(),
                        reason.label(),
                        shared.pairs(),
                        shared.suppressed().orElse("none"));
            case LineQuota.Verdict.Suppressed _ -> {
                // the next line says how many
            }
        }
    }

    private static String printable(String detail) {
        return LineQuota.printable(detail, MAX_DETAIL_CHARACTERS);
    }
}
