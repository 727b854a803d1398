package org.pushjobs.agent.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The settings that count now. They can be exchanged while the agent runs; its name, which server it belongs to
 * and where it logs stay as they were at the start. Usable from any thread.
 */
public final class LiveSettings {
    private final AtomicReference<AgentSettings> current;

    public LiveSettings(AgentSettings settings) {
        this.current = new AtomicReference<>(Objects.requireNonNull(settings, "settings"));
    }

    /** The settings of this moment. */
    public AgentSettings current() {
        return current.get();
    }

    /**
     * Takes over what may change.
     *
     * @return the keys of changed settings that need a restart; their old values still count
     */
    public List<String> update(AgentSettings changed) {
        AgentSettings old = current.get();
        current.set(new AgentSettings(
                old.server(),
                old.nodeName(),
                changed.clientKey(),
                changed.allowUnencrypted(),
                changed.tls(),
                changed.proxies(),
                changed.jobs(),
                new LogSettings(changed.log().level(), old.log().file())));
        List<String> kept = new ArrayList<>();
        noteIfChanged(kept, Setting.CHEF_SERVER_URL, old.server(), changed.server());
        noteIfChanged(kept, Setting.NODE_NAME, old.nodeName(), changed.nodeName());
        noteIfChanged(
                kept, Setting.LOG_LOCATION, old.log().file(), changed.log().file());
        return kept;
    }

    private static void noteIfChanged(List<String> kept, Setting setting, Object old, Object changed) {
        if (!old.equals(changed)) {
            kept.add(setting.key());
        }
    }
}
