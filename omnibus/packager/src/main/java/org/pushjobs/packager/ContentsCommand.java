package org.pushjobs.packager;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.pushjobs.packager.Sbom.Subject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code packager contents}: writes down what a package is made of, for people, for Chef's cookbooks and for scanners. */
@Command(name = "contents", description = "Write version-manifest.txt, version-manifest.json and sbom.cdx.json.")
final class ContentsCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--name", required = true)
    private String name;

    @Option(names = "--version", required = true)
    private String version;

    @Option(names = "--revision", required = true, description = "The commit that is built.")
    private String revision;

    @Option(names = "--description", required = true)
    private String description;

    @Option(names = "--time", required = true, description = "Seconds since 1970 that count as the time of the build.")
    private long seconds;

    @Option(
            names = "--bom",
            required = true,
            description = "What Maven says of a module's libraries (CycloneDX, JSON).")
    private List<Path> boms;

    @Option(names = "--java", required = true, description = "The JDK that the Java runtime was made of.")
    private Path java;

    @Option(names = "--jars", required = true, description = "A directory with jars of the package.")
    private List<Path> jars;

    @Option(names = "--out", required = true, description = "The directory for the three files.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        for (Path bom : boms) {
            documents.add(JSON.readTree(bom.toFile()));
        }
        Sbom sbom = new Sbom(documents, PackedJars.in(jars), JavaRuntime.at(java));
        Subject subject = new Subject(name, version, revision, description, Instant.ofEpochSecond(seconds));
        write(out.resolve("sbom.cdx.json"), sbom.document(subject));
        VersionManifest manifest = new VersionManifest(subject, sbom.contents());
        write(out.resolve("version-manifest.json"), manifest.json());
        Files.writeString(out.resolve("version-manifest.txt"), manifest.text());
        return 0;
    }

    private static void write(Path file, JsonNode document) throws IOException {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
        Files.writeString(file, JSON.writer(printer).writeValueAsString(document) + "\n");
    }
}
