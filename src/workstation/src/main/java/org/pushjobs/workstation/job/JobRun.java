package org.pushjobs.workstation.job;

import static org.pushjobs.workstation.screen.Screen.printable;

import org.pushjobs.workstation.remote.FeedContent;
import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.remote.JobRequest;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.RequestRefusedException;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.remote.StartedJob;
import org.pushjobs.workstation.screen.Interruption;
import org.pushjobs.workstation.screen.OutputFormat;
import org.pushjobs.workstation.screen.Progress;
import org.pushjobs.workstation.screen.Screen;

/** Starts a job and, unless told not to, waits for its end and shows it (agent-and-cli.md). Used by one thread, once. */
final class JobRun {
    private static final int BAD_REQUEST = 400;

    private final Surroundings surroundings;
    private final Screen screen;
    private final PushJobsClient client;
    private final WaitOptions options;
    private final OutputFormat format;
    private final Progress progress;

    /** @param options checked */
    JobRun(Surroundings surroundings, PushJobsClient client, WaitOptions options, OutputFormat format) {
        this.surroundings = surroundings;
        this.screen = surroundings.screen();
        this.client = client;
        this.options = options;
        this.format = format;
        this.progress = screen.progress().apply(screen.forPeople(format));
    }

    /** Returns the exit status. */
    int run(JobRequest request) throws ServerFailure, InterruptedException {
        StartedJob started = start(request);
        screen.forPeople(format).println("Started.  Job ID: " + printable(started.id()));
        if (options.nowait()) {
            screen.show(format, started.source(), () -> {});
            return ExitRule.SUCCESS;
        }
        JobDocument ended = await(started.id());
        show(ended);
        return options.demand().exitStatus(surroundings.exitRule(), ended);
    }

    private boolean showsFinalOutput() {
        return !options.follow() && options.output().orElseGet(this::showsFinalOutputUnasked);
    }

    /** As knife does not. */
    private boolean showsFinalOutputUnasked() {
        return surroundings.exitRule() == ExitRule.PUSHJOBS
                && progress.isLive()
                && format == OutputFormat.TEXT
                && !options.nowait();
    }

    private StartedJob start(JobRequest request) throws ServerFailure, InterruptedException {
        JobRequest whole = options.follow() || showsFinalOutput() ? request.capturingOutput() : request;
        try {
            return startSafely(whole);
        } catch (RequestRefusedException e) {
            if (e.status() != BAD_REQUEST || whole.isOfVersionOne()) {
                throw e;
            }
            if (request.isOfVersionOne()
                    && !options.follow()
                    && options.output().isEmpty()) {
                // A server of version 1 keeps no output; nobody has asked for it.
                return startSafely(request);
            }
            throw e.withAdvice(versionOne());
        }
    }

    private StartedJob startSafely(JobRequest request) throws ServerFailure, InterruptedException {
        SafeStart start = new SafeStart(client, screen.err(), surroundings.clock(), surroundings.pause());
        try {
            return start.start(request);
        } catch (ServerFailure e) {
            if (start.isInDoubt()) {
                screen.err().println("The job may have been started all the same: look with 'pushjobs job list'.");
            }
            throw e;
        }
    }

    /** knife sends such a job again without the options; it would then run as another user, or elsewhere. */
    private static String versionOne() {
        return "If this is a 1.x server: it knows none of --timeout, --as-user, --in-dir, --with-env, --file and --capture."
                + " The job was not sent again without them.";
    }

    private JobDocument await(String id) throws ServerFailure, InterruptedException {
        try (Interruption.Watch _ = surroundings
                .interruption()
                .onSignal(() -> progress.note("The job goes on: watch it with 'pushjobs job watch " + printable(id)
                        + "', end it with 'pushjobs job abort " + printable(id) + "'."))) {
            Patience patience = new Patience(progress, surroundings.clock());
            return options.follow()
                    ? followed(id, patience)
                    : new JobPoll(client, progress, patience, surroundings.pause(), options.pollInterval())
                            .untilEnded(id);
        } catch (ServerFailure e) {
            progress.note("The job goes on on the server: look with 'pushjobs job status " + printable(id) + "'.");
            throw e;
        } finally {
            progress.end();
        }
    }

    private JobDocument followed(String id, Patience patience) throws ServerFailure, InterruptedException {
        FollowedOutput output = new FollowedOutput(screen.forPeople(format), screen.err(), progress);
        FeedProgress states = new FeedProgress(progress);
        JobDocument ended = new JobFeed(client, patience, surroundings.pause(), FeedContent.EVENTS_AND_OUTPUT)
                .untilEnded(id, event -> {
                    output.take(event);
                    if (event.isLast()) {
                        output.end();
                    }
                    states.take(event);
                });
        output.end();
        output.fetchWhatTheFeedLacks(client, id);
        return ended;
    }

    private void show(JobDocument ended) throws InterruptedException {
        JobDocument known = ended;
        if (showsFinalOutput() && ended.capturesOutput()) {
            known = JobReport.inDetail(client, ended);
            new FinalOutput(client, known, screen.forPeople(format), screen.err()).show();
        }
        screen.show(format, ended.source(), () -> new JobReport(ended).document(screen.out()));
        JobReport.ofEnded(client, known).explanation(screen.forPeople(format));
    }
}
