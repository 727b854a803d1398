package org.pushjobs.workstation.completion;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.remote.JobQuery;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.settings.ConnectionOptions;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/**
 * {@code pushjobs __complete WORD...}, which the scripts for shells call: prints the words that may be meant by the last one,
 * one a line. Whatever goes wrong, it says nothing and prints none. Used by one thread.
 */
public final class Candidates {
    public static final String NAME = "__complete";

    /** Who waits for a shell does not wait for long. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final int JOBS = 100;

    /** What of a command line says whom to ask. Of -s it is not known whether it is a server or a search. */
    @Command
    private static final class Asked {
        @Mixin
        private ConnectionOptions.WithoutShortServerUrl connection;
    }

    private final Screen screen;
    private final Connector connector;
    private final NameCache cache;

    public Candidates(Screen screen, Connector connector, InstantSource clock) {
        this.screen = screen;
        this.connector = connector;
        this.cache = new NameCache(connector.sources().cacheDirectory(), clock);
    }

    /**
     * @param program with all its commands
     * @param words of the command line so far, without the program's name
     */
    public void print(CommandLine program, List<String> words) {
        Words fitting = new Words(new NamesOfServer(options(words)));
        fitting.fitting(program, words).forEach(word -> screen.out().println(Screen.printable(word)));
    }

    private static ConnectionOptions options(List<String> words) {
        Asked asked = new Asked();
        CommandLine line = new CommandLine(asked).setUnmatchedArgumentsAllowed(true);
        line.setExpandAtFiles(false);
        try {
            line.parseArgs(words.subList(0, Math.max(0, words.size() - 1)).toArray(String[]::new));
        } catch (ParameterException _) {
            // What is half written may be wrong; then the usual settings count.
            line.parseArgs();
        }
        return asked.connection;
    }

    private final class NamesOfServer implements Words.Names {
        /** Something that is asked of a server. */
        private interface Question {
            List<String> ask(PushJobsClient client) throws ServerFailure, InterruptedException;
        }

        private final ConnectionOptions options;

        private NamesOfServer(ConnectionOptions options) {
            this.options = options;
        }

        @Override
        public List<String> nodes() {
            return remembered("nodes", PushJobsClient::nodeNames);
        }

        @Override
        public List<String> jobs() {
            return remembered(
                    "jobs",
                    client -> client.jobs(JobQuery.newest(JOBS)).stream()
                            .map(JobDocument::id)
                            .toList());
        }

        @Override
        public List<String> profiles() {
            try {
                return connector.sources().profiles();
            } catch (InvalidSettingsException _) {
                return List.of();
            }
        }

        private List<String> remembered(String kind, Question question) {
            try {
                return cache.names(kind, connector.sources().fingerprint(options), () -> ask(question));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return List.of();
            }
        }

        private Optional<List<String>> ask(Question question) throws InterruptedException {
            try (PushJobsClient client = connector.connect(options, TIMEOUT)) {
                return Optional.of(question.ask(client));
            } catch (InvalidSettingsException | ServerFailure _) {
                return Optional.empty();
            }
        }
    }
}
