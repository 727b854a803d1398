package org.pushjobs.ctl.plan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.files.Access;
import org.pushjobs.ctl.plan.Wanted.Content;

/** Finds what differs between what is to be so and what is. Changes nothing. */
final class Difference {
    private Difference() {}

    /** What will change, a line each, for people; empty when all is as it is to be. */
    static List<String> find(Wanted wanted) throws CtlException {
        try {
            return switch (wanted) {
                case Wanted.Directory(var path, var access) -> directory(path, access);
                case Wanted.File file -> file(file);
                case Wanted.Link(var path, var target) -> link(path, target);
                case Wanted.Nothing(var path) -> exists(path) ? List.of(path + ": remove") : List.of();
                case Wanted.NginxFiles(var files) -> {
                    List<String> lines = new ArrayList<>();
                    for (Wanted.File file : files) {
                        lines.addAll(file(file));
                    }
                    yield lines;
                }
                case Wanted.InDatabase(var state) -> state.difference();
            };
        } catch (IOException e) {
            throw new CtlException("a file cannot be looked at (" + e + "); run this command as root", e);
        }
    }

    private static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static List<String> directory(Path path, Access access) throws IOException {
        if (!exists(path)) {
            return List.of(path + ": create the directory, " + access);
        }
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(path + " is no directory; move it away");
        }
        return access(path, access);
    }

    private static List<String> access(Path path, Access access) throws IOException {
        Access now = Access.of(path);
        return now.equals(access) ? List.of() : List.of(path + ": " + now + " becomes " + access);
    }

    private static List<String> file(Wanted.File file) throws IOException {
        Path path = file.path();
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            List<String> lines = new ArrayList<>();
            lines.add(path + ": create, " + file.access());
            lines.addAll(changed(file, ""));
            return lines;
        }
        byte[] now = Files.readAllBytes(path);
        if (!Arrays.equals(now, file.content().getBytes(StandardCharsets.UTF_8))) {
            List<String> lines = new ArrayList<>();
            lines.add(path + ": change" + (file.shown() == Content.SECRET ? " (secret, not shown)" : ""));
            lines.addAll(access(path, file.access()));
            lines.addAll(changed(file, new String(now, StandardCharsets.UTF_8)));
            return lines;
        }
        return access(path, file.access());
    }

    private static List<String> changed(Wanted.File file, String before) {
        return switch (file.shown()) {
            case SECRET -> List.of();
            case PLAIN ->
                LineDiff.between(before, file.content()).stream()
                        .map(line -> "    " + line)
                        .toList();
        };
    }

    private static List<String> link(Path path, Path target) throws IOException {
        if (!exists(path)) {
            return List.of(path + ": link to " + target);
        }
        if (!Files.isSymbolicLink(path)) {
            return List.of(path + ": replace by a link to " + target);
        }
        Path now = Files.readSymbolicLink(path);
        return now.equals(target) ? List.of() : List.of(path + ": link to " + target + " instead of " + now);
    }
}
