package org.pushjobs.workstation.job;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.pushjobs.workstation.remote.FeedContent;
import org.pushjobs.workstation.remote.FeedEvent;
import org.pushjobs.workstation.remote.FeedReader;
import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.ServerFailure;

/** The events of a job up to its end, over as many connections as it takes. Used by one thread. */
final class JobFeed {
    private static final Duration FIRST_DELAY = Duration.ofMillis(100);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(5);

    private final PushJobsClient client;
    private final Patience patience;
    private final Pause pause;
    private final FeedContent content;
    private Optional<String> lastId = Optional.empty();
    private Duration delay = FIRST_DELAY;

    JobFeed(PushJobsClient client, Patience patience, Pause pause, FeedContent content) {
        this.client = client;
        this.patience = patience;
        this.pause = pause;
        this.content = content;
    }

    /**
     * @param listener gets the events in order, each once; {@code output} events may come again
     * @return the job as it ended
     * @throws ServerFailure when the server refuses to tell, or is away for too long; the job goes on all the same
     */
    JobDocument untilEnded(String id, Consumer<FeedEvent> listener) throws ServerFailure, InterruptedException {
        while (true) {
            try (FeedReader feed = client.feed(id, lastId, content)) {
                patience.answered();
                if (read(feed, listener)) {
                    return client.job(id);
                }
                // It was closed early. Servers that stop do so; so do those whose job has ended unseen.
                JobDocument job = client.job(id);
                if (job.ended()) {
                    return job;
                }
            } catch (ServerFailure failure) {
                patience.failed(failure);
            }
            pause.sleep(delay);
            delay = delay.multipliedBy(2).compareTo(LONGEST_DELAY) < 0 ? delay.multipliedBy(2) : LONGEST_DELAY;
        }
    }

    /** Whether the last event has come. */
    private boolean read(FeedReader feed, Consumer<FeedEvent> listener) throws ServerFailure, InterruptedException {
        for (Optional<FeedEvent> event = feed.next(); event.isPresent(); event = feed.next()) {
            delay = FIRST_DELAY;
            listener.accept(event.get());
            if (!event.get().id().isEmpty()) {
                lastId = Optional.of(event.get().id());
            }
            if (event.get().isLast()) {
                return true;
            }
        }
        return false;
    }
}
