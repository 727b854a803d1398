package org.pushjobs.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pushjobs.agent.settings.AgentException;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.agent.settings.FileRights;
import org.pushjobs.agent.settings.SettingsSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the settings again when one of their files has changed, when there are other files in a directory that was looked
 * into for them, and when somebody asks for it. What cannot be read leaves the old settings in force and is told in the log,
 * once per change. One thread; it ends with the program.
 */
final class SettingsWatch {
    private static final Logger LOG = LoggerFactory.getLogger(SettingsWatch.class);

    /** Between two looks at the files. */
    static final Duration PAUSE = Duration.ofSeconds(3);

    private static final int MOST_REQUESTS = 16;

    private final SettingsSource source;
    private final Consumer<AgentSettings> listener;
    private final BlockingQueue<Runnable> requests = new ArrayBlockingQueue<>(MOST_REQUESTS);
    private Map<Path, String> seen;
    private AgentSettings inForce;

    /**
     * @param loaded the settings in force, and the files they were read from
     * @param listener told of other settings, on the watch's thread
     */
    SettingsWatch(SettingsSource source, SettingsSource.Loaded loaded, Consumer<AgentSettings> listener) {
        this.source = source;
        this.listener = listener;
        this.inForce = loaded.settings();
        this.seen = contents(watched(loaded));
    }

    void start() {
        // not a virtual thread: it may ask for this machine's name, and a look-up keeps the thread that carries those
        Thread.ofPlatform().daemon().name("settings-watch").start(this::run);
    }

    /**
     * Has the files read whether they have changed or not.
     *
     * @param afterwards done when they were, or could not be, on the watch's thread; left out when very many wait already
     */
    void readAgain(Runnable afterwards) {
        requests.offer(afterwards);
    }

    private void run() {
        try {
            while (true) {
                Optional<Runnable> request =
                        Optional.ofNullable(requests.poll(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
                List<Runnable> all = new ArrayList<>(request.stream().toList());
                requests.drainTo(all);
                lookSafely(request.isPresent());
                all.forEach(Runnable::run);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A machine that is short of something now must not end the watch. */
    private void lookSafely(boolean asked) throws InterruptedException {
        try {
            look(asked);
        } catch (RuntimeException | Error e) {
            LOG.error("the settings could not be read again, the old ones stay in force", e);
        }
    }

    private void look(boolean asked) throws InterruptedException {
        Map<Path, String> now = contents(List.copyOf(seen.keySet()));
        if (!asked && isAsSeen(now)) {
            return;
        }
        seen = now;
        try {
            SettingsSource.Loaded loaded = source.read();
            List<Path> watched = watched(loaded);
            watched.forEach(file -> seen.computeIfAbsent(file, SettingsWatch::content));
            seen.keySet().retainAll(watched);
            loaded.report().warnings().forEach(LOG::warn);
            if (!loaded.settings().equals(inForce)) {
                inForce = loaded.settings();
                listener.accept(inForce);
            } else if (asked) {
                LOG.info("read the settings again, they are the same");
            }
        } catch (AgentException e) {
            LOG.error("the changed settings cannot be used, the old ones stay in force: {}", e.getMessage());
        }
    }

    private static List<Path> watched(SettingsSource.Loaded loaded) {
        return Stream.concat(loaded.files().stream(), loaded.others().stream()).toList();
    }

    private boolean isAsSeen(Map<Path, String> now) {
        return now.entrySet().stream().allMatch(file -> file.getValue().equals(seen.get(file.getKey())));
    }

    private static Map<Path, String> contents(List<Path> files) {
        Map<Path, String> contents = new HashMap<>();
        files.forEach(file -> contents.put(file, content(file)));
        return contents;
    }

    /**
     * Who may use it and what is on the way to it, as that may be why it was refused, and what is in it, of a directory the
     * names; empty for what cannot be read: when it comes back it has changed.
     */
    private static String content(Path path) {
        try {
            return FileRights.summary(path)
                    + (Files.isDirectory(path) ? names(path) : Files.readString(path, StandardCharsets.ISO_8859_1));
        } catch (IOException | UncheckedIOException e) {
            return "";
        }
    }

    private static String names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(Path::toString).sorted().collect(Collectors.joining("\0"));
        }
    }
}
