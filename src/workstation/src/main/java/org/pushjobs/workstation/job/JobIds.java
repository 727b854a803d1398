package org.pushjobs.workstation.job;

import static org.pushjobs.workstation.screen.Screen.printable;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.remote.JobQuery;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.RequestRefusedException;
import org.pushjobs.workstation.remote.ServerFailure;

/**
 * The ids of jobs as people give them: whole; {@value #LAST} for the newest job that they started; or the beginning, where
 * only one of the newest {@value #LOOKED_AT} jobs has it. The first 12 digits are the same for all jobs of an organisation, so
 * they may be left out. Used by one thread.
 */
final class JobIds {
    /** What commands say of their argument. */
    static final String HELP =
            "The job's ID, the beginning of one (the first 12 digits, which all jobs share, may be left"
                    + " out), or 'last' for the newest job that you started.";

    private static final String LAST = "last";
    private static final int LOOKED_AT = 1000;
    private static final int LENGTH = 32;
    private static final int DIGITS_OF_THE_ORGANISATION = 12;
    private static final int NAMED = 5;
    private static final Pattern BEGINNING = Pattern.compile("[0-9a-f]{1," + (LENGTH - 1) + "}");

    private final PushJobsClient client;

    JobIds(PushJobsClient client) {
        this.client = Objects.requireNonNull(client, "client");
    }

    /**
     * The id of the job that is meant. What can be no beginning, or is that of no job, is given back as it is: the server's
     * answer to it is the best error there is.
     *
     * @throws AmbiguousJobException when several jobs are meant, or none by {@value #LAST}
     */
    String find(String given) throws ServerFailure, InterruptedException, AmbiguousJobException {
        if (given.equals(LAST)) {
            return client.jobs(JobQuery.newestOf(client.user())).stream()
                    .map(JobDocument::id)
                    .findFirst()
                    .orElseThrow(() -> new AmbiguousJobException("'last' is no job: " + client.user()
                            + " has started none; 'pushjobs job list' shows others'"));
        }
        if (!BEGINNING.matcher(given).matches()) {
            return given;
        }
        List<JobDocument> meant = newest().stream()
                .filter(job -> job.id().startsWith(given)
                        || withoutOrganisation(job.id()).startsWith(given))
                .toList();
        if (meant.size() > 1) {
            throw new AmbiguousJobException(several(given, meant.reversed()));
        }
        return meant.isEmpty() ? given : meant.getFirst().id();
    }

    /** None where the server refuses to list them: what it says to the id itself is to the point then. */
    private List<JobDocument> newest() throws ServerFailure, InterruptedException {
        try {
            return client.jobs(JobQuery.newest(LOOKED_AT));
        } catch (RequestRefusedException _) {
            return List.of();
        }
    }

    private static String withoutOrganisation(String id) {
        return id.substring(Math.min(id.length(), DIGITS_OF_THE_ORGANISATION));
    }

    private static String several(String given, List<JobDocument> meant) {
        return "'" + given + "' is the beginning of " + meant.size() + " jobs; give more digits:\n"
                + meant.stream()
                        .limit(NAMED)
                        .map(job -> "  " + printable(job.id() + "  " + job.status() + "  " + job.command()))
                        .collect(Collectors.joining("\n"))
                + (meant.size() > NAMED ? "\n  ..." : "");
    }
}
