package org.pushjobs.ctl.commands;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.pushjobs.ctl.layout.Layout;

/**
 * What commands work on and write to.
 *
 * @param name the full name of the machine, asked for when it is needed
 * @param patience with the supervisor, until it has a new service
 * @param secondThoughts how long somebody may take back a command that cannot be undone
 */
public record Machine(
        Layout layout,
        Supplier<String> name,
        Duration patience,
        Duration secondThoughts,
        PrintWriter out,
        PrintWriter err) {
    public Machine {
        Objects.requireNonNull(layout, "layout");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(patience, "patience");
        Objects.requireNonNull(secondThoughts, "secondThoughts");
        Objects.requireNonNull(out, "out");
        Objects.requireNonNull(err, "err");
    }
}
