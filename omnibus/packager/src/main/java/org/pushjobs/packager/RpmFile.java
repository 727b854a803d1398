package org.pushjobs.packager;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.packager.rpm.RpmTag;
import org.eclipse.packager.rpm.RpmVersion;
import org.eclipse.packager.rpm.build.BuilderContext;
import org.eclipse.packager.rpm.build.BuilderOptions;
import org.eclipse.packager.rpm.build.DigestAlgorithm;
import org.eclipse.packager.rpm.build.FileInformation;
import org.eclipse.packager.rpm.build.RpmBuilder;
import org.eclipse.packager.rpm.coding.PayloadCoding;
import org.eclipse.packager.rpm.deps.RpmDependencyFlags;

/**
 * Writes RPM files that root owns everything of. The same directory and description give the same bytes, wherever and
 * whenever that is: files are taken in the order of their names, and every time is that of the description.
 */
final class RpmFile {
    /** Directories that belong to the system; all others below them belong to the package. */
    private static final Set<String> OF_SYSTEM = Set.of(
            "/opt",
            "/usr",
            "/usr/bin",
            "/usr/lib",
            "/usr/lib/systemd",
            "/usr/lib/systemd/system",
            "/usr/share",
            "/usr/share/doc");

    private static final String ARCHITECTURE = "x86_64";
    /** The highest that the library can be asked for: it looks at the first character only. */
    private static final String LEVEL = "9";

    private static final short LINK_MODE = 0777;

    /** What may be asked of other packages. */
    enum Relation {
        REQUIRES,
        RECOMMENDS,
        CONFLICTS,
        OBSOLETES
    }

    /** When a script runs; with what arguments is up to RPM. */
    enum Script {
        BEFORE_INSTALL,
        AFTER_INSTALL,
        BEFORE_REMOVAL,
        AFTER_REMOVAL
    }

    /**
     * @param version without a {@code -}
     * @param time of the build
     * @param relations names of packages or of what they provide
     * @param scripts text, for {@code /bin/sh}
     */
    record Description(
            String name,
            String version,
            String release,
            String summary,
            String description,
            String license,
            String packager,
            Instant time,
            Map<Relation, List<String>> relations,
            Map<Script, String> scripts) {
        Description {
            relations = Map.copyOf(relations);
            scripts = Map.copyOf(scripts);
        }
    }

    private RpmFile() {}

    static void write(Description description, Path root, Path out) throws IOException {
        BuilderOptions options = new BuilderOptions();
        options.setOpenOptions(new OpenOption[] {
            StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING
        });
        options.setFileDigestAlgorithm(DigestAlgorithm.SHA256);
        options.setPayloadCoding(PayloadCoding.ZSTD);
        options.setPayloadFlags(LEVEL);
        RpmVersion version = new RpmVersion(null, description.version(), description.release());
        try (RpmBuilder builder = new RpmBuilder(description.name(), version, ARCHITECTURE, out, options)) {
            describe(builder, description);
            description
                    .relations()
                    .forEach((relation, names) -> names.forEach(name -> relate(builder, relation, name)));
            description.scripts().forEach((script, text) -> add(builder, script, text));
            builder.setHeaderCustomizer(header -> {
                header.putInt(
                        RpmTag.BUILDTIME, Math.toIntExact(description.time().getEpochSecond()));
                Requirements.of(header).corrected().write(header);
            });
            addFiles(builder.newContext(), root, description.time());
            builder.build();
        }
    }

    private static void describe(RpmBuilder builder, Description description) {
        RpmBuilder.PackageInformation information = builder.getInformation();
        information.setSummary(description.summary());
        information.setDescription(description.description());
        information.setLicense(description.license());
        information.setPackager(description.packager());
        information.setGroup("System Environment/Daemons");
    }

    private static void relate(RpmBuilder builder, Relation relation, String name) {
        RpmDependencyFlags[] anyVersion = {};
        switch (relation) {
            case REQUIRES -> builder.addRequirement(name, "", anyVersion);
            case RECOMMENDS -> builder.addRecommends(name, "", anyVersion);
            case CONFLICTS -> builder.addConflicts(name, "", anyVersion);
            case OBSOLETES -> builder.addObsoletes(name, "", anyVersion);
        }
    }

    private static void add(RpmBuilder builder, Script script, String text) {
        switch (script) {
            case BEFORE_INSTALL -> builder.setPreInstallationScript(text);
            case AFTER_INSTALL -> builder.setPostInstallationScript(text);
            case BEFORE_REMOVAL -> builder.setPreRemoveScript(text);
            case AFTER_REMOVAL -> builder.setPostRemoveScript(text);
        }
    }

    private static void addFiles(BuilderContext context, Path root, Instant time) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted().toList()) {
                String target = "/" + root.relativize(path);
                if (Files.isSymbolicLink(path)) {
                    context.addSymbolicLink(
                            target, Files.readSymbolicLink(path).toString(), (_, _, _) -> information(LINK_MODE, time));
                } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    if (!path.equals(root) && !OF_SYSTEM.contains(target)) {
                        short mode = mode(path);
                        context.addDirectory(target, (_, _, _) -> information(mode, time));
                    }
                } else {
                    short mode = mode(path);
                    context.addFile(target, path, (_, _, _) -> information(mode, time));
                }
            }
        }
    }

    private static short mode(Path path) throws IOException {
        return (short) ((int) Files.getAttribute(path, "unix:mode") & 07777);
    }

    private static FileInformation information(short mode, Instant time) {
        FileInformation information = new FileInformation();
        information.setMode(mode);
        information.setTimestamp(time);
        return information;
    }
}
