package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.server.store.EmbeddedDatabase;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.RawAgent;
import org.pushjobs.server.testing.RunningServer;

/** A PostgreSQL whose processes are stopped: it holds its connections and says nothing. */
class HangingDatabaseIT {
    private static final Duration DEADLINE = Duration.ofSeconds(40);

    /** It is noticed within 7 s; the client gives up after 15. */
    private static final Duration SOON = Duration.ofSeconds(12);

    private static final String NODE = "node-1";

    @TempDir
    private Path databaseDirectory;

    @TempDir
    private Path directory;

    @Test
    void requestsInFlightGetTheir503WhenTheServerNoticesAndAllGoesOnAfterwards() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(new DatabaseConfig.Embedded(databaseDirectory, 30));
                RunningServer server = RunningServer.start(directory, database.connection(), 1);
                ApiClient admin = server.admin();
                RawAgent agent = RawAgent.connect(
                        server.client(NODE), NODE, server.organisation().key())) {
            agent.becomeAvailable();
            admin.awaitAvailable(1, DEADLINE);

            // when
            List<Answer> answers;
            signal("STOP");
            try {
                answers = ask(admin);
                assertThat(admin.get("jobs").statusCode())
                        .as("asked once it is known")
                        .isEqualTo(503);
            } finally {
                signal("CONT");
            }

            // then
            assertThat(answers).allSatisfy(answer -> {
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.time()).isLessThan(SOON);
            });
            Await.until("a job can be started", DEADLINE, () -> {
                agent.heartbeat(JobState.IDLE, Optional.empty());
                return admin.get("jobs").statusCode() == 200;
            });
        }
    }

    private record Answer(int status, Duration time) {}

    private static List<Answer> ask(ApiClient admin) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Answer> request = () -> {
                long begin = System.nanoTime();
                HttpResponse<byte[]> answer = admin.get("jobs");
                return new Answer(answer.statusCode(), Duration.ofNanos(System.nanoTime() - begin));
            };
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> future :
                    threads.invokeAll(Stream.generate(() -> request).limit(20).toList())) {
                answers.add(future.get());
            }
            return answers;
        }
    }

    private void signal(String name) throws Exception {
        ProcessHandle postmaster = ProcessHandle.of(postmaster()).orElseThrow();
        List<String> command = new ArrayList<>(List.of("kill", "-" + name, Long.toString(postmaster.pid())));
        postmaster.descendants().forEach(child -> command.add(Long.toString(child.pid())));
        Process kill = new ProcessBuilder(command).inheritIO().start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    private long postmaster() throws IOException {
        try (Stream<Path> files = Files.walk(databaseDirectory)) {
            Path file = files.filter(path -> path.endsWith("postmaster.pid"))
                    .findFirst()
                    .orElseThrow();
            return Long.parseLong(Files.readAllLines(file).getFirst().strip());
        }
    }
}
