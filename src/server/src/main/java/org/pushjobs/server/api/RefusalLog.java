package org.pushjobs.server.api;

import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.rejections.LineQuota;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log which requests were refused, once for each cause and address in a minute and with the number left out since
 * (see {@link LineQuota}). At level DEBUG it says each of them. Usable from any thread.
 */
final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    private static final int MAX_REASON_CHARACTERS = 500;
    private static final String FACTS =
            "[id: {}, user: {}, org: {}, address: {}, method: {}, path: {}, status: {}, reason: {}";

    private final LineQuota<Cause> quota;

    /** @param reason the answer's, cut */
    private record Cause(int status, String reason) {}

    RefusalLog(Clock clock) {
        this.quota = new LineQuota<>(clock);
    }

    void refused(RoutingContext context, ServerException error) {
        String reason = LineQuota.printable(String.valueOf(error.getMessage()), MAX_REASON_CHARACTERS);
        List<Object> facts = Arrays.asList(
                RequestTrace.id(context),
                RequestTrace.user(context),
                printable(Optional.ofNullable(context.pathParam("org")).orElse("-")),
                RemoteAddress.of(context),
                context.request().method(),
                context.request().path(),
                error.status(),
                reason);
        switch (error.status()) {
            // what anybody brings about by a look at the wrong place, and outages, which are told by whoever has them
            case 404, 405, 406, 415, 502, 503 -> LOG.debug("request refused " + FACTS + "]", facts.toArray());
            default -> counted(quota.about(new Cause(error.status(), reason), RemoteAddress.of(context)), facts);
        }
    }

    private static void counted(LineQuota.Verdict verdict, List<Object> facts) {
        switch (verdict) {
            case LineQuota.Verdict.Own own ->
                own.suppressed()
                        .ifPresentOrElse(
                                suppressed -> LOG.info(
                                        "request refused " + FACTS + ", suppressed: {}]", and(facts, suppressed)),
                                () -> LOG.info("request refused " + FACTS + "]", facts.toArray()));
            case LineQuota.Verdict.Shared shared ->
                LOG.info(
                        "requests refused for too many causes and addresses to name each, for example " + FACTS
                                + ", named: {}, suppressed: {}]",
                        and(facts, shared.pairs(), shared.suppressed().orElse("none")));
            case LineQuota.Verdict.Suppressed _ -> LOG.debug("request refused " + FACTS + "]", facts.toArray());
        }
    }

    private static Object[] and(List<Object> facts, Object... more) {
        List<Object> all = new ArrayList<>(facts);
        Collections.addAll(all, more);
        return all.toArray();
    }

    /** The text on one line. */
    static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
