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
import org.pushjobs.server.jobs.model.OutputKey;
import org.pushjobs.server.jobs.model.StoredJob;
import org.pushjobs.server.store.EventReads;
import org.pushjobs.server.store.JobReads;
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
    private final Map<Seen, JobFeed> jobs = new HashMap<>();
    private final Map<Seen, OrgFeed> organisations = new HashMap<>();
    private final Set<LiveStream> streams = new LinkedHashSet<>();
    private final LiveStream.Owner owner = new Accounts();
    private boolean full;

    /** What readers share a feed for: a job or an organisation, as far as they may see it. */
    private record Seen(String id, EnvValues values) {}

    public Feeds(Vertx vertx, FeedSetup setup) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
        this.setup = Objects.requireNonNull(setup, "setup");
        this.events = setup.events();
    }

    /** Whether a job ended so long ago, or so long before there were events, that its feed is only a summary. */
    public boolean isOver(StoredJob job) {
        Duration sinceEnd = Duration.between(job.updatedAt(), setup.clock().instant());
        return hasNoHistory(job)
                || job.status().isTerminal() && sinceEnd.compareTo(setup.times().waitCompleteTime()) > 0;
    }

    /** Whether a job ended before there were events. */
    public boolean hasNoHistory(StoredJob job) {
        return job.status().isTerminal() && job.lastEventSeq() == 0;
    }

    /**
     * Sends a job's feed.
     *
     * @param extent how much of the feed
     * @param content whether the reader wants output, too
     * @param values what the reader may see
     * @param lastEventId what the reader had last; if the feed has no such event it gets everything
     * @return the stream, which must be told when it is closed
     * @throws ServerException of status 503 when there are too many readers
     */
    public LiveStream followJob(
            HttpServerRequest request,
            StoredJob job,
            Extent extent,
            Content content,
            EnvValues values,
            Optional<String> lastEventId) {
        LiveStream stream = open(request, "job " + job.id());
        FeedReader.Ending ending = job.status().isTerminal() || extent == Extent.SO_FAR
                ? FeedReader.Ending.WITH_HISTORY
                : FeedReader.Ending.WITH_LAST_EVENT;
        long position = lastEventId
                .flatMap(Feeds::position)
                .filter(id -> id <= job.lastEventSeq())
                .orElse(0L);
        jobs.computeIfAbsent(
                        new Seen(job.id(), values),
                        seen -> new JobFeed(vertx, events, seen.id(), values, () -> jobs.remove(seen)))
                .add(stream, ending, output(content, job, stream, (int) position), position);
        return stream;
    }

    private Optional<OutputEvents> output(Content content, StoredJob job, LiveStream stream, int position) {
        return switch (content) {
            case EVENTS -> Optional.empty();
            case EVENTS_AND_OUTPUT ->
                Optional.of(
                        new OutputEvents(vertx, setup.outputs(), events, job.id(), stream, setup.clock(), position));
        };
    }

    /**
     * Sends what there is of a channel of a node's output.
     *
     * @param orgGuid the job's organisation
     * @param offset bytes to leave out at the start
     * @return the stream, which must be told when it is closed
     * @throws ServerException of status 503 when there are too many readers
     */
    public LiveStream sendOutput(
            HttpServerRequest request, JobReads jobReads, String orgGuid, OutputKey key, long offset) {
        LiveStream stream = openOutput(request, key);
        new OutputTail(vertx, setup.outputs(), jobReads, orgGuid, key, stream, offset).send();
        return stream;
    }

    /** As {@link #sendOutput}, and then what comes, until the node's part in the job has ended. */
    public LiveStream followOutput(
            HttpServerRequest request, JobReads jobReads, String orgGuid, OutputKey key, long offset) {
        LiveStream stream = openOutput(request, key);
        new OutputTail(vertx, setup.outputs(), jobReads, orgGuid, key, stream, offset).follow();
        return stream;
    }

    private LiveStream openOutput(HttpServerRequest request, OutputKey key) {
        checkNotFull();
        return opened(LiveStream.bytes(
                vertx,
                request,
                key.channel().label() + " of " + key.node() + " in job " + key.jobId(),
                setup.limits(),
                owner));
    }

    /** How much of a job's feed a reader gets. */
    public enum Extent {
        /** What there is, and what comes until the job ends. */
        UNTIL_THE_END,
        /** What there is. */
        SO_FAR
    }

    /** What a reader of a job's feed gets. */
    public enum Content {
        EVENTS,
        EVENTS_AND_OUTPUT
    }

    /**
     * Sends the feed of a job that {@link #isOver}.
     *
     * @param document the job
     */
    public LiveStream summarise(HttpServerRequest request, StoredJob job, JsonObject document) {
        LiveStream stream = open(request, "job " + job.id());
        stream.write(FeedEvents.summary(job.updatedAt(), document));
        stream.end();
        return stream;
    }

    /**
     * Sends an organisation's feed, for ever.
     *
     * @param values what the reader may see
     * @param lastEventId what the reader had last: it gets what came later; if the feed has no such event any more it gets
     *     {@code start_of_history} and everything; without it, only what is new
     * @return the stream, which must be told when it is closed
     * @throws ServerException of status 503 when there are too many readers
     */
    public Future<LiveStream> followOrganisation(
            HttpServerRequest request, String orgGuid, EnvValues values, Optional<String> lastEventId) {
        Future<Beginning> beginning = lastEventId.isPresent()
                ? after(orgGuid, lastEventId.flatMap(Feeds::position))
                : events.newestOfOrganisation(orgGuid)
                        .map(newest ->
                                new Beginning(newest.map(FeedEvents::micros).orElse(0L), Optional.empty()));
        return beginning.map(begin -> {
            LiveStream stream = open(request, "organisation " + orgGuid);
            begin.startOfHistory().ifPresent(at -> stream.write(FeedEvents.startOfHistory(at)));
            organisations
                    .computeIfAbsent(
                            new Seen(orgGuid, values),
                            seen -> new OrgFeed(vertx, events, seen.id(), values, () -> organisations.remove(seen)))
                    .add(stream, FeedReader.Ending.NEVER, Optional.empty(), begin.position());
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
        long oldest =
                FeedEvents.micros(setup.clock().instant().minus(setup.times().orgFeedExpiration()));
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

    private LiveStream open(HttpServerRequest request, String name) {
        checkNotFull();
        return opened(LiveStream.events(
                vertx, request, name, setup.limits(), setup.times().keepAliveTime(), owner));
    }

    private void checkNotFull() {
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
    }

    private LiveStream opened(LiveStream stream) {
        stream.begin();
        streams.add(stream);
        setup.metrics().opened();
        return stream;
    }

    /** Ends all feeds; their readers may come again with {@code Last-Event-ID}. */
    public void close() {
        List.copyOf(streams).forEach(LiveStream::end);
    }

    private final class Accounts implements LiveStream.Owner {
        @Override
        public void streamClosed(LiveStream stream) {
            streams.remove(stream);
            setup.metrics().closed();
        }

        @Override
        public void streamCut(LiveStream stream) {
            setup.metrics().cut();
        }
    }
}
