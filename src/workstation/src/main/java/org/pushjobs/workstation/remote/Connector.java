package org.pushjobs.workstation.remote;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Consumer;
import org.pushjobs.workstation.settings.ConnectionOptions;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import org.pushjobs.workstation.settings.SettingsSources;

/** Makes clients from the options of a command and what lies behind them. */
public final class Connector {
    private final SettingsSources sources;
    private final InstantSource clock;
    private final Consumer<String> notes;

    /** @param notes gets lines about what is asked of the server, where the options want that */
    public Connector(SettingsSources sources, InstantSource clock, Consumer<String> notes) {
        this.sources = Objects.requireNonNull(sources, "sources");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.notes = Objects.requireNonNull(notes, "notes");
    }

    /** Connects to nothing yet. */
    public PushJobsClient connect(ConnectionOptions options) throws InvalidSettingsException, InterruptedException {
        return new PushJobsClient(sources.settings(options), clock, new RequestLog(options.verbosity(), notes));
    }

    /**
     * The same for who does not want to wait.
     *
     * @param timeout of each request
     */
    public PushJobsClient connect(ConnectionOptions options, Duration timeout)
            throws InvalidSettingsException, InterruptedException {
        return new PushJobsClient(sources.settings(options), clock, timeout, RequestLog.NONE);
    }

    /** Where the settings come from. */
    public SettingsSources sources() {
        return sources;
    }
}
