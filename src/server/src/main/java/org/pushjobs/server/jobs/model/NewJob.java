package org.pushjobs.server.jobs.model;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.server.ServerException;

/**
 * A job to be stored for the first time, status {@link #STATUS}, its nodes {@link NodeStatus#NEW}. The constructor
 * refuses what the database cannot hold with a {@link ServerException} of status 422, so that one such job does not make
 * the writing of others fail: U+0000 in a text, a user of more than {@value #USER_LENGTH} characters, a node name of more
 * than {@value #NODE_NAME_BYTES} bytes.
 *
 * @param id 32 lower-case hex digits
 * @param orgGuid the organisation it belongs to
 * @param requestor name of the user or client that asked for it
 * @param terms with at least one node
 * @param key what the request is recognised by when it is sent again; no two jobs of a requestor have the same
 */
public record NewJob(
        String id, String orgGuid, String requestor, JobTerms terms, Instant createdAt, Optional<IdempotencyKey> key) {
    /** What a job is when it is stored for the first time. */
    public static final JobStatus STATUS = JobStatus.VOTING;

    /** job_options.job_user is a char(32). */
    private static final int USER_LENGTH = 32;
    /** An entry of the index on the names has 2,704 bytes at most. */
    private static final int NODE_NAME_BYTES = 2_000;

    public NewJob {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(orgGuid, "orgGuid");
        Objects.requireNonNull(requestor, "requestor");
        Objects.requireNonNull(terms, "terms");
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(key, "key");
        requireStorable("requestor", requestor);
        JobSpec spec = terms.spec();
        requireStorable("command", spec.command());
        spec.user().ifPresent(NewJob::requireUser);
        spec.dir().ifPresent(dir -> requireStorable("dir", dir));
        spec.file().ifPresent(file -> requireStorable("file", file));
        terms.nodes().forEach(NewJob::requireNodeName);
    }

    /** A job of a request without a key. */
    public NewJob(String id, String orgGuid, String requestor, JobTerms terms, Instant createdAt) {
        this(id, orgGuid, requestor, terms, createdAt, Optional.empty());
    }

    private static void requireUser(String user) {
        requireStorable("user", user);
        if (user.codePointCount(0, user.length()) > USER_LENGTH) {
            throw new ServerException(422, "user has more than " + USER_LENGTH + " characters: " + user);
        }
    }

    private static void requireNodeName(String node) {
        requireStorable("node name", node);
        if (node.getBytes(StandardCharsets.UTF_8).length > NODE_NAME_BYTES) {
            throw new ServerException(422, "a node name has more than " + NODE_NAME_BYTES + " bytes");
        }
    }

    private static void requireStorable(String what, String text) {
        if (!StorableText.isStorable(text)) {
            throw new ServerException(422, what + " contains the character U+0000, which cannot be stored");
        }
    }
}
