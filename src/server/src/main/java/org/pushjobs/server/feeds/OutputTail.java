package org.pushjobs.server.feeds;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import java.util.Optional;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.jobs.StoredEvents;
import org.pushjobs.server.jobs.StoredOutput;
import org.pushjobs.server.jobs.model.JobNode;
import org.pushjobs.server.jobs.model.OutputKey;
import org.pushjobs.server.jobs.model.OutputPart;
import org.pushjobs.server.store.JobReads;
import org.pushjobs.server.store.OutputReads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader's way through one channel of a node's output: what is stored, then what is stored while the command runs, until
 * the node's part in the job has ended. It has a position, not a queue: what its connection does not take now is fetched when
 * there is room. Belongs to the event loop of its connection.
 */
final class OutputTail {
    private static final Logger LOG = LoggerFactory.getLogger(OutputTail.class);
    private static final int PAGE_PARTS = 2;
    private static final long RETRY_MILLIS = 1_000;
    /** For what is not announced all the same. */
    private static final long ASK_AGAIN_MILLIS = 15_000;
    /** Announcements of other processes do not say whom they concern: so often at most is looked. */
    private static final long LOOK_MILLIS = 250;

    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final OutputReads outputs;
    private final JobReads jobs;
    private final String orgGuid;
    private final OutputKey key;
    private final LiveStream stream;
    private Optional<MessageConsumer<StoredOutput>> growth = Optional.empty();
    private Optional<MessageConsumer<StoredEvents>> events = Optional.empty();
    private long timer = NO_TIMER;
    private long lookTimer = NO_TIMER;
    private long position;
    private boolean anySent;
    private boolean over;
    private boolean mustRead = true;
    private boolean mustLook = true;
    private boolean asking;

    OutputTail(
            Vertx vertx,
            OutputReads outputs,
            JobReads jobs,
            String orgGuid,
            OutputKey key,
            LiveStream stream,
            long position) {
        this.vertx = vertx;
        this.outputs = outputs;
        this.jobs = jobs;
        this.orgGuid = orgGuid;
        this.key = key;
        this.stream = stream;
        this.position = position;
    }

    /** Sends what there is, and ends. */
    void send() {
        over = true;
        stream.whenDrained(this::advance);
        advance();
    }

    /** Sends what there is and what comes, and ends when nothing will come any more. */
    void follow() {
        stream.whenDrained(this::advance);
        stream.whenClosed(this::close);
        growth = Optional.of(vertx.eventBus()
                .localConsumer(StoredOutput.addressOfJob(key.jobId()), message -> grown(message.body())));
        events = Optional.of(vertx.eventBus()
                .localConsumer(StoredEvents.addressOfJob(key.jobId()), message -> happened(message.body())));
        timer = vertx.setPeriodic(ASK_AGAIN_MILLIS, _ -> {
            mustLook = true;
            advance();
        });
        Future.join(growth.get().completion(), events.get().completion())
                .onSuccess(_ -> advance())
                .onFailure(cause -> stream.cut("the event bus failed: " + cause.getMessage()));
    }

    private void grown(StoredOutput stored) {
        if (stored.channels().isEmpty()) {
            lookSoon();
        } else if (stored.channels().contains(key)) {
            mustRead = true;
            advance();
        }
    }

    private void happened(StoredEvents stored) {
        if (stored.events().isEmpty()) {
            lookSoon();
            return;
        }
        boolean concerned = stored.events().stream()
                .anyMatch(event -> event.name().equals("job_complete")
                        || key.node().equals(event.data().getValue("node")));
        if (concerned) {
            mustLook = true;
            advance();
        }
    }

    private void lookSoon() {
        if (lookTimer == NO_TIMER) {
            lookTimer = vertx.setTimer(LOOK_MILLIS, _ -> {
                lookTimer = NO_TIMER;
                mustRead = true;
                mustLook = true;
                advance();
            });
        }
    }

    private void advance() {
        if (asking || stream.isClosed() || stream.isFull()) {
            return;
        }
        if (mustRead) {
            mustRead = false;
            ask(outputs.after(key, position, PAGE_PARTS), this::send);
        } else if (over) {
            ask(anySent ? Future.succeededFuture(Optional.empty()) : inOnePiece(), this::end);
        } else if (mustLook) {
            mustLook = false;
            ask(jobs.node(orgGuid, key.jobId(), key.node()), this::look);
        }
    }

    private interface Answered<T> {
        void with(T answer);
    }

    private <T> void ask(Future<T> question, Answered<T> answered) {
        asking = true;
        question.onSuccess(answer -> {
                    asking = false;
                    if (!stream.isClosed()) {
                        answered.with(answer);
                    }
                })
                .onFailure(this::failed);
    }

    private void send(List<OutputPart> parts) {
        for (OutputPart part : parts) {
            if (part.end() > position && !stream.isFull()) {
                int from = (int) Math.max(0, position - part.position());
                stream.write(Buffer.buffer(part.data()).slice(from, part.data().length));
                position = part.end();
                anySent = true;
            }
        }
        mustRead |= !parts.isEmpty();
        advance();
    }

    /** Once it is known that nothing comes any more, what came until then is read. */
    private void look(Optional<JobNode> node) {
        if (node.filter(known -> !known.status().isTerminal()).isEmpty()) {
            over = true;
            mustRead = true;
        }
        advance();
    }

    /** Agents that speak protocol 2.0 send it with their result. */
    private Future<Optional<byte[]>> inOnePiece() {
        return jobs.output(orgGuid, key.jobId(), key.node(), key.channel());
    }

    private void end(Optional<byte[]> whole) {
        whole.filter(bytes -> bytes.length > position)
                .ifPresent(bytes -> stream.write(Buffer.buffer(bytes).slice((int) position, bytes.length)));
        stream.end();
    }

    private void failed(Throwable cause) {
        mustRead = true;
        mustLook = true;
        if (ServerException.isTemporary(cause)) {
            vertx.setTimer(RETRY_MILLIS, _ -> {
                asking = false;
                advance();
            });
        } else {
            LOG.error("output cannot be read [job: {}, node: {}]", key.jobId(), key.node(), cause);
            stream.cut("the output cannot be read");
        }
    }

    private void close() {
        growth.ifPresent(MessageConsumer::unregister);
        events.ifPresent(MessageConsumer::unregister);
        vertx.cancelTimer(timer);
        vertx.cancelTimer(lookTimer);
    }
}
