package org.pushjobs.workstation.remote;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lists jobs by a query: page by page where the server knows queries (ours does), otherwise by looking through the whole
 * list, which is all that the original server has. Used by one thread.
 */
final class JobListing {
    private static final int PAGE_SIZE = 1000;
    private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;\\s*rel=\"?next\"?");

    private final PushJobsClient client;
    private final JobQuery query;

    JobListing(PushJobsClient client, JobQuery query) {
        this.client = client;
        this.query = query;
    }

    /** The newest last, as in the list without a query. */
    List<JobDocument> find() throws ServerFailure, InterruptedException {
        if (query.isUnrestricted()) {
            return client.jobsOf(client.jobList("?detail=true"));
        }
        int limit = query.limit().orElse(Integer.MAX_VALUE);
        HttpResponse<byte[]> page = client.jobList("?" + query.parameters(Math.min(limit, PAGE_SIZE)));
        if (!SignedHttp.isOurs(page)) {
            return lookThrough(client.jobsOf(page), limit);
        }
        List<JobDocument> found = new ArrayList<>(client.jobsOf(page));
        for (Optional<String> next = next(page); next.isPresent() && found.size() < limit; next = next(page)) {
            page = client.jobList(next.get());
            found.addAll(client.jobsOf(page));
        }
        List<JobDocument> wanted = new ArrayList<>(found.subList(0, Math.min(limit, found.size())));
        Collections.reverse(wanted);
        return wanted;
    }

    /** Only the query of the link counts: a server behind a proxy may name itself otherwise. */
    private static Optional<String> next(HttpResponse<byte[]> page) throws UnusableAnswerException {
        for (String link : page.headers().allValues("Link")) {
            Matcher matcher = NEXT.matcher(link);
            if (matcher.find()) {
                try {
                    return Optional.ofNullable(URI.create(matcher.group(1)).getRawQuery())
                            .map(text -> "?" + text);
                } catch (IllegalArgumentException e) {
                    throw new UnusableAnswerException("with a bad link to the next page");
                }
            }
        }
        return Optional.empty();
    }

    private List<JobDocument> lookThrough(List<JobDocument> all, int limit) throws ServerFailure, InterruptedException {
        if (query.requestor().isPresent()) {
            throw new UnusableAnswerException(
                    "a list that does not say who asked for the jobs, as from servers before version 4");
        }
        List<JobDocument> found = new ArrayList<>();
        for (JobDocument job : all.reversed()) {
            if (found.size() == limit) {
                break;
            }
            if (isWanted(job) && hasNode(job)) {
                found.add(job);
            }
        }
        Collections.reverse(found);
        return found;
    }

    private boolean isWanted(JobDocument job) {
        return query.status().filter(status -> !status.equals(job.status())).isEmpty()
                && query.command()
                        .filter(command -> !command.equals(job.command()))
                        .isEmpty()
                && query.since()
                        .filter(since -> job.createdAt()
                                .filter(at -> !at.isBefore(since))
                                .isEmpty())
                        .isEmpty();
    }

    private boolean hasNode(JobDocument job) throws ServerFailure, InterruptedException {
        if (query.node().isEmpty()) {
            return true;
        }
        return client.job(job.id()).nodes().values().stream()
                .anyMatch(names -> names.contains(query.node().get()));
    }
}
