package org.pushjobs.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.pushjobs.config.check.StartCheck;
import org.pushjobs.config.files.ConfigException;
import org.pushjobs.config.settings.ConfigFile;
import org.pushjobs.config.settings.EffectiveSetting;
import org.pushjobs.server.log.LogSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the settings again while the server runs: how much is logged, and how, changes at once, and what else has changed is
 * named, for it counts from the next start on. The audit log's file is opened anew for each write; that it can be is looked at here.
 */
final class Reload implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

    private final Path file;
    private final ConfigFile running;
    private final LogSettings log;

    /** @param running what the server was started with */
    Reload(Path file, ConfigFile running, LogSettings log) {
        this.file = file;
        this.running = running;
        this.log = log;
    }

    /** Two that come together are done one after the other. */
    @Override
    public synchronized void run() {
        try {
            ConfigFile read = ConfigFile.read(file);
            log.apply(read);
            List<String> waiting = changedSinceStart(read);
            LOG.info(
                    "settings were read again [file: {}, log levels: {}, changed but for the next start: {}]",
                    file,
                    log.levels(),
                    waiting.isEmpty() ? "none" : String.join(" ", waiting));
            read.warnings().forEach(warning -> LOG.warn("settings: {}", warning));
        } catch (ConfigException e) {
            LOG.error(
                    "settings cannot be read again and stay as they are [errors: {}]", String.join(" | ", e.errors()));
        }
        StartCheck.auditFileProblem(running.config())
                .ifPresent(problem -> LOG.error("the audit log cannot be written: {}", problem));
    }

    private List<String> changedSinceStart(ConfigFile read) {
        Set<String> atOnce = ConfigFile.TAKEN_UP_AT_ONCE;
        List<EffectiveSetting> before = running.settings();
        List<EffectiveSetting> now = read.settings();
        return IntStream.range(0, now.size())
                .filter(i -> !before.get(i).value().equals(now.get(i).value()))
                .mapToObj(i -> now.get(i).name())
                .filter(name -> !atOnce.contains(name))
                .toList();
    }
}
