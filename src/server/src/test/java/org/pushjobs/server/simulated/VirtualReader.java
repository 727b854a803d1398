package org.pushjobs.server.simulated;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.pushjobs.server.jobs.model.EventRow;
import org.pushjobs.server.jobs.model.StoredJob;

/**
 * Somebody who follows the feeds of jobs through one API process: reads what is stored, by its number, whenever something is
 * announced, and every few seconds because announcements get lost. His connection may end; he comes again with the number of the
 * last event that he has.
 */
final class VirtualReader {
    private static final long POLL_MILLIS = 4_000;
    private static final long RETRY_MILLIS = 1_000;
    private static final int PAGE = 20;

    private final World world;
    private final SplittableRandom random;
    private final VirtualProcess process;
    private final Map<String, Following> followed = new HashMap<>();

    private final class Following {
        private final String jobId;
        private int last;
        private boolean ended;
        private boolean asking;
        private boolean again;

        private Following(String jobId) {
            this.jobId = jobId;
        }

        private void ask() {
            if (asking) {
                again = true;
                return;
            }
            if (ended) {
                return;
            }
            asking = true;
            again = false;
            int after = last;
            world.database()
                    .read(process, () -> world.database().tables().events(jobId, after, PAGE))
                    .onComplete(answer -> {
                        if (answer.succeeded()) {
                            asking = false;
                            answer.result().forEach(this::read);
                            if (again || answer.result().size() == PAGE) {
                                ask();
                            }
                        } else {
                            process.after(RETRY_MILLIS, () -> {
                                asking = false;
                                ask();
                            });
                        }
                    });
            // an answer that never comes
            process.after(5 * RETRY_MILLIS, () -> {
                if (asking && last == after) {
                    asking = false;
                    ask();
                }
            });
        }

        private void read(EventRow event) {
            if (event.seq() <= last) {
                return;
            }
            last = event.seq();
            ended |= event.name().equals("job_complete");
            if (!world.plants().contains(Plant.READERS_LOSE_EVENTS) || random.nextInt(50) != 0) {
                world.history()
                        .add(new History.Read(
                                process.toString(),
                                jobId,
                                event.seq(),
                                event.name() + event.data().encode()));
            }
        }
    }

    VirtualReader(World world, SplittableRandom random, VirtualProcess process) {
        this.world = world;
        this.random = random;
        this.process = process;
        process.every(POLL_MILLIS, this::poll);
    }

    void follow(String jobId) {
        followed.computeIfAbsent(jobId, Following::new).ask();
    }

    /** Something of the job was stored. */
    void announced(String jobId) {
        Optional.ofNullable(followed.get(jobId)).ifPresent(Following::ask);
    }

    private void poll() {
        // in an order that does not depend on the ids
        world.startedJobs().forEach(jobId -> {
            Following following = followed.get(jobId);
            if (following != null && !following.ended) {
                following.ask();
                look(jobId);
            }
        });
    }

    private void look(String jobId) {
        world.database()
                .read(process, () -> world.database().tables().find(World.ORG, jobId))
                .onSuccess(found -> world.history()
                        .add(new History.Found(process.toString(), jobId, found.map(StoredJob::status))));
    }

    boolean isDone() {
        return followed.values().stream().allMatch(following -> following.ended);
    }

    static List<String> hosts() {
        return List.of("api-1", "api-2", "api-3");
    }
}
