package org.pushjobs.ctl.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.pushjobs.ctl.files.Access;
import org.pushjobs.ctl.files.AtomicFile;

/**
 * Remembers on disk what has to follow changes that are made, so that it does even when this process is killed between the
 * two and the next one finds nothing left to change.
 *
 * @param directory of one file for each
 */
record Pending(Path directory) {
    /** Before the change is made. */
    void add(List<Effect> effects) throws IOException {
        for (Effect effect : effects) {
            if (Files.notExists(file(effect))) {
                if (Files.notExists(directory)) {
                    Files.createDirectories(directory);
                    Access.ofRoot("rwx------").giveTo(directory);
                }
                AtomicFile.write(file(effect), new byte[0], Access.ofRoot("rw-------"));
            }
        }
    }

    /** After it has followed. */
    void remove(Effect effect) throws IOException {
        AtomicFile.delete(file(effect));
    }

    Set<Effect> all() {
        Set<Effect> effects = EnumSet.noneOf(Effect.class);
        for (Effect effect : Effect.values()) {
            if (Files.exists(file(effect))) {
                effects.add(effect);
            }
        }
        return effects;
    }

    private Path file(Effect effect) {
        return directory.resolve(effect.name().toLowerCase(Locale.ROOT));
    }
}
