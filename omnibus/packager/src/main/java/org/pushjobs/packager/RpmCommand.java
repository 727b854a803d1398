package org.pushjobs.packager;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.pushjobs.packager.RpmFile.Description;
import org.pushjobs.packager.RpmFile.Relation;
import org.pushjobs.packager.RpmFile.Script;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code packager rpm}: makes an RPM file of a directory that looks like what is to be installed. */
@Command(name = "rpm", description = "Make an RPM file of a directory.")
final class RpmCommand implements Callable<Integer> {
    @Option(names = "--root", required = true, description = "What / is to get.")
    private Path root;

    @Option(names = "--out", required = true)
    private Path out;

    @Option(names = "--name", required = true)
    private String name;

    @Option(names = "--version", required = true)
    private String version;

    @Option(names = "--release", required = true)
    private String release;

    @Option(names = "--summary", required = true)
    private String summary;

    @Option(names = "--description", required = true)
    private String description;

    @Option(names = "--license", required = true)
    private String license;

    @Option(names = "--packager", required = true)
    private String packager;

    @Option(names = "--time", required = true, description = "Seconds since 1970 that count as the time of the build.")
    private long seconds;

    @Option(names = "--requires")
    private List<String> requires = List.of();

    @Option(names = "--recommends")
    private List<String> recommends = List.of();

    @Option(names = "--conflicts")
    private List<String> conflicts = List.of();

    @Option(names = "--obsoletes")
    private List<String> obsoletes = List.of();

    @Option(names = "--pre", description = "File with the script that runs before the files are there.")
    private Optional<Path> pre = Optional.empty();

    @Option(names = "--post")
    private Optional<Path> post = Optional.empty();

    @Option(names = "--preun")
    private Optional<Path> preun = Optional.empty();

    @Option(names = "--postun")
    private Optional<Path> postun = Optional.empty();

    @Override
    public Integer call() throws IOException {
        Map<Relation, List<String>> relations = Map.of(
                Relation.REQUIRES, requires,
                Relation.RECOMMENDS, recommends,
                Relation.CONFLICTS, conflicts,
                Relation.OBSOLETES, obsoletes);
        Map<Script, String> scripts = new TreeMap<>();
        read(pre, Script.BEFORE_INSTALL, scripts);
        read(post, Script.AFTER_INSTALL, scripts);
        read(preun, Script.BEFORE_REMOVAL, scripts);
        read(postun, Script.AFTER_REMOVAL, scripts);
        RpmFile.write(
                new Description(
                        name,
                        version,
                        release,
                        summary,
                        description,
                        license,
                        packager,
                        Instant.ofEpochSecond(seconds),
                        relations,
                        scripts),
                root,
                out);
        return 0;
    }

    private static void read(Optional<Path> file, Script script, Map<Script, String> scripts) throws IOException {
        if (file.isPresent()) {
            scripts.put(script, Files.readString(file.get()));
        }
    }
}
