package org.pushjobs.workstation;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** The launchers of this checkout in a directory of their own, with what the tests were compiled to instead of what was built. */
final class Checkout {
    private static final List<String> MODULES = List.of("server", "agent", "workstation");

    private final Path root;

    private Checkout(Path root) {
        this.root = root;
    }

    /** @param root to be made */
    static Checkout in(Path root) throws IOException {
        Path source = Optional.ofNullable(System.getProperty("basedir"))
                .map(Path::of)
                .orElse(Path.of(""))
                .toAbsolutePath()
                .resolve("../..")
                .normalize();
        Path libraries = Files.createDirectories(root.resolve("lib"));
        int number = 0;
        for (Path file : classPath()) {
            Path library = libraries.resolve(number++ + ".jar");
            if (file.toString().endsWith(".jar")) {
                Files.createSymbolicLink(library, file);
            } else if (Files.isDirectory(file) && !file.endsWith("test-classes")) {
                pack(file, library);
            }
        }
        Files.createSymbolicLink(root.resolve("pom.xml"), source.resolve("pom.xml"));
        for (String directory : List.of("bin", "bin/lib")) {
            copyScripts(source.resolve(directory), Files.createDirectories(root.resolve(directory)));
        }
        for (String module : MODULES) {
            Path target = Files.createDirectories(root.resolve("src/" + module + "/target"));
            Files.createSymbolicLink(target.resolve("lib"), libraries);
            Files.copy(anyOf(libraries), target.resolve("pushjobs-" + module + "-0.jar"));
            // Empty: as where the cache could not be made, so that nothing tries to.
            Files.createFile(target.resolve("start-" + System.getProperty("java.version") + ".aot"));
        }
        return new Checkout(root);
    }

    /** The class path of this test; absolute, since programs are started in other directories. */
    static List<Path> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath())
                .toList();
    }

    private static void copyScripts(Path from, Path to) throws IOException {
        try (Stream<Path> scripts = Files.list(from)) {
            for (Path script : scripts.filter(Files::isRegularFile).toList()) {
                Files.copy(script, to.resolve(script.getFileName()));
            }
        }
    }

    private static Path anyOf(Path libraries) throws IOException {
        try (Stream<Path> all = Files.list(libraries)) {
            return all.findFirst().orElseThrow();
        }
    }

    private static void pack(Path classes, Path jar) {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int status = ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(out, out, "--create", "--no-compress", "--file", jar.toString(), "-C", classes.toString(), ".");
        if (status != 0) {
            throw new AssertionError(classes + " could not be packed: " + said);
        }
    }

    /** The script of a program. */
    String launcher(String program) {
        return root.resolve("bin").resolve(program).toString();
    }
}
