package org.pushjobs.server.jobs.model;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.server.ServerException;

class NewJobTest {
    @ParameterizedTest
    @CsvSource({"command,c\0d", "user,u\0v", "dir,d\0e", "file,raw:\0f", "node,n\0o", "requestor,r\0s"})
    void textWithNulIsRefused(String field, String text) {
        assertThatExceptionOfType(ServerException.class)
                .isThrownBy(() -> job(
                        field.equals("requestor") ? text : "alice",
                        field.equals("command") ? text : "true",
                        field.equals("user") ? Optional.of(text) : Optional.empty(),
                        field.equals("dir") ? Optional.of(text) : Optional.empty(),
                        field.equals("file") ? Optional.of(text) : Optional.empty(),
                        field.equals("node") ? text : "web-1"))
                .withMessageContaining("U+0000")
                .matches(e -> e.status() == 422);
    }

    @Test
    void userMayHaveThirtyTwoCharacters() {
        assertThatNoException().isThrownBy(() -> user("ä".repeat(32)));
        assertThatExceptionOfType(ServerException.class).isThrownBy(() -> user("ä".repeat(33)));
    }

    @Test
    void nodeNameMayHaveTwoThousandBytes() {
        assertThatNoException().isThrownBy(() -> node("ä".repeat(1000)));
        assertThatExceptionOfType(ServerException.class).isThrownBy(() -> node("ä".repeat(1000) + "a"));
    }

    private static NewJob user(String user) {
        return job("alice", "true", Optional.of(user), Optional.empty(), Optional.empty(), "web-1");
    }

    private static NewJob node(String node) {
        return job("alice", "true", Optional.empty(), Optional.empty(), Optional.empty(), node);
    }

    private static NewJob job(
            String requestor,
            String command,
            Optional<String> user,
            Optional<String> dir,
            Optional<String> file,
            String node) {
        return new NewJob(
                "0".repeat(32),
                "1".repeat(32),
                requestor,
                new JobTerms(new JobSpec(command, user, dir, Optional.empty(), file, false), List.of(node), 1, 60),
                Instant.EPOCH);
    }
}
