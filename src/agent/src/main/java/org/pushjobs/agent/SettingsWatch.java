package org.pushjobs.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.pushjobs.agent.settings.AgentException;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.agent.settings.SettingsSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the settings again when one of their files has changed, and when somebody asks for it. What cannot be read leaves
 * the old settings in force and is told in the log, once per change. One virtual thread; it ends with the program.
 */
final class SettingsWatch {
    private static final Logger LOG = LoggerFactory.getLogger(SettingsWatch.class);

    /** Between two looks at the files. */
    static final Duration PAUSE = Duration.ofSeconds(3);

    private final SettingsSource source;
    private final Consumer<AgentSettings> listener;
    private final Semaphore requests = new Semaphore(0);
    private Map<Path, byte[]> seen;
    private AgentSettings inForce;

    /**
     * @param loaded the settings in force, and the files they were read from
     * @param listener told of other settings, on the watch's thread
     */
    SettingsWatch(SettingsSource source, SettingsSource.Loaded loaded, Consumer<AgentSettings> listener) {
        this.source = source;
        this.listener = listener;
        this.inForce = loaded.settings();
        this.seen = contents(loaded.files());
    }

    void start() {
        Thread.ofVirtual().name("settings-watch").start(this::run);
    }

    /** Has the files read whether they have changed or not. */
    void readAgain() {
        requests.release();
    }

    private void run() {
        try {
            while (true) {
                boolean asked = requests.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                requests.drainPermits();
                look(asked);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(boolean asked) throws InterruptedException {
        Map<Path, byte[]> now = contents(List.copyOf(seen.keySet()));
        if (!asked && isAsSeen(now)) {
            return;
        }
        seen = now;
        try {
            SettingsSource.Loaded loaded = source.read();
            loaded.files().forEach(file -> seen.computeIfAbsent(file, SettingsWatch::content));
            seen.keySet().retainAll(loaded.files());
            if (!loaded.settings().equals(inForce)) {
                inForce = loaded.settings();
                listener.accept(inForce);
            }
        } catch (AgentException e) {
            LOG.error("the changed settings cannot be used, the old ones stay in force: {}", e.getMessage());
        }
    }

    private boolean isAsSeen(Map<Path, byte[]> now) {
        return now.entrySet().stream().allMatch(file -> Arrays.equals(file.getValue(), seen.get(file.getKey())));
    }

    private static Map<Path, byte[]> contents(List<Path> files) {
        Map<Path, byte[]> contents = new HashMap<>();
        files.forEach(file -> contents.put(file, content(file)));
        return contents;
    }

    /** Empty for a file that cannot be read: when it comes back it has changed. */
    private static byte[] content(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            return new byte[0];
        }
    }
}
