package org.pushjobs.workstation;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The commands as programs of their own, {@code pushjobs} and {@code knife-push}, called by a shell. */
final class Program {
    /** What a command line left behind, standard output and error in the order in which they were written. */
    record Result(int exitCode, String output) {}

    private static final int DEADLINE_SECONDS = 120;

    private final Path directory;
    private final Map<String, String> environment;

    /**
     * @param directory for the programs and what they write
     * @param environment in which they run, besides PATH
     */
    Program(Path directory, Map<String, String> environment) throws IOException {
        this.directory = directory;
        this.environment = environment;
        Files.createDirectories(directory.resolve("bin"));
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
        for (String name : new String[] {"pushjobs", "knife-push"}) {
            // A shell gives its background jobs an ignored INT, and Java leaves that as it is.
            String script = "#!/bin/sh\nexec /usr/bin/env --default-signal=INT '"
                    + Path.of(System.getProperty("java.home"), "bin", "java")
                    + "' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dpushjobs.name=" + name + " -cp '"
                    + classPath + "' " + PushJobs.class.getName() + " \"$@\"\n";
            Path file = Files.writeString(directory.resolve("bin").resolve(name), script);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /** Starts a command line of the shell; what it writes goes to {@link #output}. */
    Process start(String commandLine) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", commandLine)
                .directory(directory.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        String path = directory.resolve("bin") + ":" + builder.environment().get("PATH");
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("PUSHJOBS_")
                        || name.startsWith("CHEF_")
                        || name.toLowerCase().endsWith("_proxy"));
        builder.environment().putAll(environment);
        builder.environment().put("PATH", path);
        return builder.start();
    }

    String output() throws IOException {
        return Files.readString(directory.resolve("output"));
    }

    Result run(String commandLine) throws IOException, InterruptedException {
        Process process = start(commandLine);
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError(commandLine + " did not end: " + output());
        }
        return new Result(process.exitValue(), output());
    }
}
