package org.pushjobs.server.feeds;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.store.EventReads;
import org.pushjobs.server.store.StoredJob;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event feeds of jobs and organisations (rest-api.md, "Event feeds") for the readers of one event loop, which all calls
 * must come from.
 */
public final class Feeds {
    private static final Logger LOG = LoggerFactory.getLogger(Feeds.class);
    /** More digits than any sequence number or time has. */
    private static final int MAX_ID_LENGTH = 18;

    private final Vertx vertx;
    private final FeedSetup setup;
    private final EventReads events;
    private final Map<String, JobFeed> jobs = new HashMap<>();
    private final Map<String, OrgFeed> organisations = new HashMap<>();
    private final Set<SseStream> streams = new LinkedHashSet<>();
    private final SseStream.Owner owner = new Accounts();
    private boolean full;

    public Feeds(Vertx vertx, FeedSetup setup) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
        this.setup = Objects.requireNonNull(setup, "setup");
        this.events = setup.events();
    }

    /** Whether a job ended so long ago, or so long before there were events, that its feed is only a summary. */
    public boolean isOver(StoredJob job) {
        Duration sinceEnd = Duration.between(job.updatedAt(), setup.clock().instant());
        return job.status().isTerminal()
                && (job.lastEventSeq() == 0 || sinceEnd.compareTo(setup.waitCompleteTime()) > 0);
    }

    /**
     * Sends a job's feed.
     *
     * @param lastEventId what the reader had last; if the feed has no such event it gets everything
     * @return the stream, which must be told when it is closed
     * @throws ServerException of status 503 when there are too many readers
     */
    public SseStream followJob(HttpServerRequest request, StoredJob job, Optional<String> lastEventId) {
        SseStream stream = open(request, "job " + job.id());
        FeedReader.Ending ending =
                job.status().isTerminal() ? FeedReader.Ending.WITH_HISTORY : FeedReader.Ending.WITH_LAST_EVENT;
        long position = lastEventId
                .flatMap(Feeds::position)
                .filter(id -> id <= job.lastEventSeq())
                .orElse(0L);
        jobs.computeIfAbsent(job.id(), id -> new JobFeed(vertx, events, id, () -> jobs.remove(id)))
                .add(stream, ending, position);
        return stream;
    }

    /**
     * Sends the feed of a job that {@link #isOver}.
     *
     * @param document the job
     */
    public SseStream summarise(HttpServerRequest request, StoredJob job, JsonObject document) {
        SseStream stream = open(request, "job " + job.id());
        stream.write(FeedEvents.summary(job.updatedAt(), document));
        stream.end();
        return stream;
    }

    /**
     * Sends an organisation's feed, for ever.
     *
     * @param lastEventId what the reader had last: it gets what came later; if the feed has no such event any more it gets
     *     {@code start_of_history} and everything; without it, only what is new
     * @return the stream, which must be told when it is closed
     * @throws ServerException of status 503 when there are too many readers
     */
    public Future<SseStream> followOrganisation(
            HttpServerRequest request, String orgGuid, Optional<String> lastEventId) {
        Future<Beginning> beginning = lastEventId.isPresent()
                ? after(orgGuid, lastEventId.flatMap(Feeds::position))
                : events.newestOfOrganisation(orgGuid)
                        .map(newest ->
                                new Beginning(newest.map(FeedEvents::micros).orElse(0L), Optional.empty()));
        return beginning.map(begin -> {
            SseStream stream = open(request, "organisation " + orgGuid);
            begin.startOfHistory().ifPresent(at -> stream.write(FeedEvents.startOfHistory(at)));
            organisations
                    .computeIfAbsent(
                            orgGuid, guid -> new OrgFeed(vertx, events, guid, () -> organisations.remove(guid)))
                    .add(stream, FeedReader.Ending.NEVER, begin.position());
            return stream;
        });
    }

    /**
     * Where a reader begins.
     *
     * @param startOfHistory when it is to be told that events may be missing: since when they are kept
     */
    private record Beginning(long position, Optional<Instant> startOfHistory) {}

    private Future<Beginning> after(String orgGuid, Optional<Long> lastPosition) {
        long oldest = FeedEvents.micros(setup.clock().instant().minus(setup.orgFeedExpiration()));
        Optional<Long> retained = lastPosition.filter(position -> position > oldest);
        Future<Boolean> known = retained.isPresent()
                ? events.isOfOrganisation(orgGuid, FeedEvents.instant(retained.get()))
                : Future.succeededFuture(false);
        return known.map(is -> is
                ? new Beginning(retained.orElseThrow(), Optional.empty())
                : new Beginning(oldest, Optional.of(FeedEvents.instant(oldest))));
    }

    /** The position that an event id stands for, if it can be one. */
    private static Optional<Long> position(String id) {
        boolean digits = !id.isEmpty()
                && id.length() <= MAX_ID_LENGTH
                && id.chars().allMatch(digit -> digit >= '0' && digit <= '9')
                && id.charAt(0) != '0';
        return digits ? Optional.of(Long.parseLong(id)) : Optional.empty();
    }

    private SseStream open(HttpServerRequest request, String name) {
        int limit = setup.limits().maxFeeds();
        if (streams.size() >= limit) {
            if (!full) {
                full = true;
                LOG.warn("more event feeds are wanted than are served at once [limit: {}]", limit);
            }
            throw ServerException.unavailable(
                    "too many event feeds are being read, the limit is " + limit + "; try again later");
        }
        full = false;
        SseStream stream = new SseStream(vertx, request, name, setup.limits(), setup.keepAliveTime(), owner);
        stream.begin();
        streams.add(stream);
        setup.metrics().feedOpened();
        return stream;
    }

    /** Ends all feeds; their readers may come again with {@code Last-Event-ID}. */
    public void close() {
        List.copyOf(streams).forEach(SseStream::end);
    }

    private final class Accounts implements SseStream.Owner {
        @Override
        public void streamClosed(SseStream stream) {
            streams.remove(stream);
            setup.metrics().feedClosed();
        }

        @Override
        public void streamCut(SseStream stream) {
            setup.metrics().feedCut();
        }
    }
}
