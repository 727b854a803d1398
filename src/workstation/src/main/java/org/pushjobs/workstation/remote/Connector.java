package org.pushjobs.workstation.remote;

import java.time.InstantSource;
import java.util.Objects;
import org.pushjobs.workstation.settings.ConnectionOptions;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import org.pushjobs.workstation.settings.SettingsSources;

/** Makes clients from the options of a command and what lies behind them. */
public final class Connector {
    private final SettingsSources sources;
    private final InstantSource clock;

    public Connector(SettingsSources sources, InstantSource clock) {
        this.sources = Objects.requireNonNull(sources, "sources");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** Connects to nothing yet. */
    public PushJobsClient connect(ConnectionOptions options) throws InvalidSettingsException, InterruptedException {
        return new PushJobsClient(sources.settings(options), clock);
    }
}
