package org.pushjobs.agent.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who besides the agent's owner may use the files that it believes. Who may write the configuration of an agent that runs as
 * root, or exchange its file, is root himself.
 */
final class FileRights {
    private static final int ROOT = 0;
    private static final int GROUP_AND_OTHERS = 077;
    private static final int GROUP_AND_OTHERS_WRITE = 022;
    /** In such a directory everybody may make files, but only exchange his own. */
    private static final int STICKY = 01000;

    private FileRights() {}

    /** Whether this process may do anything, so that what it reads has to be looked at. */
    static boolean areThoseOfRoot() throws IOException {
        return uid(Path.of("/proc/self")) == ROOT;
    }

    /**
     * What lets somebody else use a file that holds a secret, and what to do; empty when only its owner may.
     *
     * @throws IOException when that cannot be found out
     */
    static Optional<String> openSecret(Path file) throws IOException {
        return (mode(file) & GROUP_AND_OTHERS) == 0
                ? Optional.empty()
                : Optional.of("its group or others may use it, though it holds a secret; run: chmod 600 " + file);
    }

    /**
     * What lets somebody besides root write a file, or put another in its place: the rights of the file, of the directories
     * on the way to it, and of those on the way to where links lead. Empty when nobody may.
     *
     * @throws IOException when that cannot be found out
     */
    static Optional<String> openToOthers(Path file) throws IOException {
        Set<Path> ways = new LinkedHashSet<>();
        for (Path end : List.of(file.toAbsolutePath(), file.toRealPath())) {
            for (Path step = end; step != null; step = step.getParent()) {
                ways.add(step);
            }
        }
        for (Path step : ways) {
            if (uid(step) != ROOT || uid(step, LinkOption.NOFOLLOW_LINKS) != ROOT) {
                return Optional.of(step + " belongs to another user than root");
            }
            boolean onlyAdding = Files.isDirectory(step) && (mode(step) & STICKY) != 0;
            if ((mode(step) & GROUP_AND_OTHERS_WRITE) != 0 && !onlyAdding) {
                return Optional.of(step + " can be written by its group or others; run: chmod go-w " + step);
            }
        }
        return Optional.empty();
    }

    /**
     * What lets somebody besides root put a file into a directory, also into one that is not there yet and that he could
     * make. Empty when nobody may.
     *
     * @throws IOException when that cannot be found out
     */
    static Optional<String> openToNewFiles(Path directory) throws IOException {
        Path there = directory.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        Optional<String> problem = openToOthers(there);
        return problem.isEmpty() && (mode(there) & GROUP_AND_OTHERS_WRITE) != 0
                ? Optional.of("everybody may make files in " + there + "; have it look into a directory of root's")
                : problem;
    }

    private static int uid(Path file, LinkOption... links) throws IOException {
        return (int) Files.getAttribute(file, "unix:uid", links);
    }

    private static int mode(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:mode");
    }
}
