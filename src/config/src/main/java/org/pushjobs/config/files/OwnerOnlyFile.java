package org.pushjobs.config.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The rule that files with secrets must not be open to anybody but their owner. */
public final class OwnerOnlyFile {
    private static final Set<PosixFilePermission> OTHERS = EnumSet.complementOf(EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));

    private OwnerOnlyFile() {}

    /** What is wrong with the file and what to do; empty when only its owner may use it. */
    public static Optional<String> problem(Path file) {
        try {
            if (Collections.disjoint(Files.getPosixFilePermissions(file), OTHERS)) {
                return Optional.empty();
            }
            return Optional.of(file + " holds a secret but its group or others may use it; run: chmod 600 " + file);
        } catch (IOException e) {
            return Optional.of(file + " cannot be looked at (" + e.getClass().getSimpleName()
                    + "); check that it exists and that the server's user may read it");
        }
    }
}
