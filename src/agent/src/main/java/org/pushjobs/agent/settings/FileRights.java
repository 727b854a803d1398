package org.pushjobs.agent.settings;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who besides the agent's owner may use the files that it believes. Who may write the configuration of an agent that runs as
 * root, or exchange its file, is root himself.
 */
public final class FileRights {
    private static final int ROOT = 0;
    private static final int GROUP_AND_OTHERS = 077;
    private static final int GROUP_AND_OTHERS_WRITE = 022;
    /** In such a directory everybody may make files, but only exchange his own. */
    private static final int STICKY = 01000;

    /** The kernel's own. */
    private static final int MOST_LINKS = 40;

    private FileRights() {}

    /** Whether this process may do anything, so that what it reads has to be looked at. */
    static boolean areThoseOfRoot() throws IOException {
        return uid(Path.of("/proc/self").toRealPath()) == ROOT;
    }

    /**
     * What lets somebody else use a file that holds a secret, and what to do; empty when only its owner may.
     *
     * @throws IOException when that cannot be found out
     */
    static Optional<String> openSecret(Path file) throws IOException {
        return (mode(file.toRealPath()) & GROUP_AND_OTHERS) == 0
                ? Optional.empty()
                : Optional.of("its group or others may use it, though it holds a secret; run: chmod 600 " + file);
    }

    /**
     * What lets somebody besides root write a file, or put another in its place: the rights of the file, and of all
     * directories and links by which the system comes to it. Empty when nobody may.
     *
     * @throws IOException when that cannot be found out
     */
    static Optional<String> openToOthers(Path file) throws IOException {
        for (Path step : wayTo(file)) {
            if (uid(step) != ROOT) {
                return Optional.of(step + " belongs to another user than root");
            }
            boolean onlyAdding = Files.isDirectory(step, LinkOption.NOFOLLOW_LINKS) && (mode(step) & STICKY) != 0;
            if ((mode(step) & GROUP_AND_OTHERS_WRITE) != 0 && !onlyAdding && !Files.isSymbolicLink(step)) {
                return Optional.of(step + " can be written by its group or others; run: chmod go-w " + step);
            }
        }
        return Optional.empty();
    }

    /**
     * Who owns and who may use a file and all on the way to it, to find out whether that has changed.
     *
     * @throws IOException when that cannot be found out
     */
    public static String summary(Path file) throws IOException {
        StringBuilder summary = new StringBuilder();
        for (Path step : wayTo(file)) {
            summary.append(uid(step)).append(' ').append(mode(step)).append(' ');
        }
        return summary.toString();
    }

    /** The file, and the directories and links that the system goes through to it, one by one as it does. */
    private static Set<Path> wayTo(Path file) throws IOException {
        Set<Path> way = new LinkedHashSet<>();
        Path root = file.toAbsolutePath().getRoot();
        Path reached = root;
        way.add(root);
        Deque<Path> names = new ArrayDeque<>();
        file.toAbsolutePath().forEach(names::addLast);
        int links = 0;
        while (!names.isEmpty()) {
            String name = names.removeFirst().toString();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                reached = Optional.ofNullable(reached.getParent()).orElse(root);
                continue;
            }
            Path next = reached.resolve(name);
            way.add(next);
            if (!Files.isSymbolicLink(next)) {
                reached = next;
                continue;
            }
            links++;
            if (links > MOST_LINKS) {
                throw new FileSystemLoopException(file.toString());
            }
            Path target = Files.readSymbolicLink(next);
            reached = target.isAbsolute() ? root : reached;
            List<Path> further = new ArrayList<>();
            target.forEach(further::add);
            further.reversed().forEach(names::addFirst);
        }
        return way;
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
        return problem.isEmpty() && (mode(there.toRealPath()) & GROUP_AND_OTHERS_WRITE) != 0
                ? Optional.of("everybody may make files in " + there + "; have it look into a directory of root's")
                : problem;
    }

    /** Of a link: its own. */
    private static int uid(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    private static int mode(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    }
}
