package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.pushjobs.server.bus.LocalCodec;
import org.pushjobs.server.bus.Registrations;

/**
 * {@link Announcements} on the event bus, at the addresses that they name. In this process they are made at once and carry what
 * was stored. Other processes hear of all jobs at one address, in one message for all that was stored within
 * {@value #GATHER_MILLIS} ms, and only how far each job has got ({@link Progress}). Belongs to the term's event loop.
 */
public final class AnnouncementsOverBus implements Announcements {
    static final long GATHER_MILLIS = 25;

    /** So many jobs are announced together at most. */
    private static final int MOST_JOBS = 1_000;

    /** Until then feeds find what is new only when they ask the database again. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final String PROGRESS = "pushjobs.progress";

    private final Vertx vertx;
    private final String process;
    private final Map<String, Progress.OfJob> gathered = new LinkedHashMap<>();

    /** @param process id of this one */
    public AnnouncementsOverBus(Vertx vertx, String process) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
        this.process = Objects.requireNonNull(process, "process");
    }

    /**
     * From now on those who follow jobs in this process hear of what other processes have stored.
     *
     * @param process id of this one, whose own announcements are passed over
     * @return done when other processes know of it
     */
    public static Future<Void> hearOthers(Vertx vertx, String process) {
        EventBus bus = vertx.eventBus();
        return Registrations.settled(
                "announcements", PATIENCE, List.of(JobCodecs.PROGRESS.consumer(vertx, PROGRESS, (_, progress) -> {
                    if (!progress.process().equals(process)) {
                        progress.jobs().forEach(job -> announce(bus, job));
                    }
                })));
    }

    private static void announce(EventBus bus, Progress.OfJob job) {
        if (job.events() > 0) {
            announce(bus, new StoredEvents(job.jobId(), job.orgGuid(), job.events(), List.of()), job.inOrganisation());
        }
        if (job.output()) {
            announce(bus, new StoredOutput(job.jobId(), job.orgGuid(), Set.of()));
        }
    }

    private static void announce(EventBus bus, StoredEvents events, boolean inOrganisation) {
        bus.publish(StoredEvents.addressOfJob(events.jobId()), events, LocalCodec.options());
        if (inOrganisation) {
            bus.publish(StoredEvents.addressOfOrganisation(events.orgGuid()), events, LocalCodec.options());
        }
    }

    private static void announce(EventBus bus, StoredOutput output) {
        bus.publish(StoredOutput.addressOfJob(output.jobId()), output, LocalCodec.options());
    }

    @Override
    public void stored(StoredEvents events) {
        boolean inOrganisation = events.isOfOrganisation();
        announce(vertx.eventBus(), events, inOrganisation);
        tellOthers(new Progress.OfJob(events.jobId(), events.orgGuid(), events.upTo(), inOrganisation, false));
    }

    @Override
    public void stored(StoredOutput output) {
        announce(vertx.eventBus(), output);
        tellOthers(new Progress.OfJob(output.jobId(), output.orgGuid(), 0, false, true));
    }

    private void tellOthers(Progress.OfJob job) {
        if (!vertx.isClustered()) {
            return;
        }
        if (gathered.isEmpty()) {
            vertx.setTimer(GATHER_MILLIS, _ -> publish());
        }
        gathered.merge(job.jobId(), job, Progress.OfJob::and);
        if (gathered.size() >= MOST_JOBS) {
            publish();
        }
    }

    private void publish() {
        if (!gathered.isEmpty()) {
            Progress progress = new Progress(process, List.copyOf(gathered.values()));
            gathered.clear();
            JobCodecs.PROGRESS.publish(vertx, PROGRESS, progress);
        }
    }
}
