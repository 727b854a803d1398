package org.pushjobs.workstation.remote;

import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import org.pushjobs.workstation.settings.ConnectionOptions;
import org.pushjobs.workstation.settings.InvalidSettingsException;
import org.pushjobs.workstation.settings.Settings;
import org.pushjobs.workstation.settings.SettingsLayer;

/** Makes clients from the options of a command and what lies behind them: the environment. */
public final class Connector {
    private final Map<String, String> environment;
    private final InstantSource clock;

    public Connector(Map<String, String> environment, InstantSource clock) {
        this.environment = Map.copyOf(environment);
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** Connects to nothing yet. */
    public PushJobsClient connect(ConnectionOptions options) throws InvalidSettingsException {
        return new PushJobsClient(Settings.of(options.layer().orElse(SettingsLayer.ofEnvironment(environment))), clock);
    }
}
