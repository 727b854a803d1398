package org.pushjobs.workstation.job;

import java.time.InstantSource;
import java.util.Objects;
import org.pushjobs.workstation.screen.Interruption;
import org.pushjobs.workstation.screen.Screen;

/**
 * What a command that waits for jobs has to do with.
 *
 * @param exitRule what its exit status tells
 */
public record Surroundings(
        Screen screen, InstantSource clock, Pause pause, Interruption interruption, ExitRule exitRule) {
    public Surroundings {
        Objects.requireNonNull(screen, "screen");
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(pause, "pause");
        Objects.requireNonNull(interruption, "interruption");
        Objects.requireNonNull(exitRule, "exitRule");
    }
}
