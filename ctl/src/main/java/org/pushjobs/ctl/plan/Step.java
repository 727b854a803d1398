package org.pushjobs.ctl.plan;

import java.util.List;
import java.util.Objects;

/**
 * One step of a reconfigure, which is done as a whole or not at all.
 *
 * @param effects what has to follow when it changed something
 */
public record Step(Wanted wanted, List<Effect> effects) {
    public Step {
        Objects.requireNonNull(wanted, "wanted");
        effects = List.copyOf(effects);
    }

    static Step of(Wanted wanted, Effect... effects) {
        return new Step(wanted, List.of(effects));
    }
}
