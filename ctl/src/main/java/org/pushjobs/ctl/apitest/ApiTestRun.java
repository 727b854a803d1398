package org.pushjobs.ctl.apitest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.pushjobs.config.DirectoryConfig;
import org.pushjobs.config.ServerConfig;
import org.pushjobs.config.TlsTrust;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.files.Access;
import org.pushjobs.ctl.files.AtomicFile;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.plan.ServerFiles;
import org.pushjobs.ctl.secrets.SecretsReader;
import org.pushjobs.ctl.service.ServerProgram;
import org.pushjobs.ctl.settings.Installation;
import org.pushjobs.ctl.settings.InstallationReader;

/**
 * Runs the package's API test against the configured server: as a user and with an agent that are made for it and taken away
 * afterwards. The test and its agent run as the server's user.
 */
public final class ApiTestRun {
    private static final String PROGRAM = "/opt/" + Layout.NAME + "/bin/pushjobs-api-test";
    private static final String REPORT = "report.xml";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Layout layout;
    private final Supplier<String> machineName;
    private final PrintWriter err;

    /**
     * @param machineName the full name of this machine
     * @param err gets what could not be taken away
     */
    public ApiTestRun(Layout layout, Supplier<String> machineName, PrintWriter err) {
        this.layout = layout;
        this.machineName = machineName;
        this.err = err;
    }

    /**
     * Somebody who is there already and may be used.
     *
     * @param user who may start jobs in the organisation
     * @param client whose agent does not run
     */
    public record Given(String organisation, String user, Path userKey, String client, Path clientKey) {}

    /**
     * Its output goes to that of this process.
     *
     * @param given who makes the requests and whose agent is started; made for the test where empty
     * @param options of the program
     * @param report where its report goes to
     * @return the program's exit status
     */
    public int run(Optional<Given> given, List<String> options, Optional<Path> report)
            throws CtlException, InterruptedException {
        Installation installation = new InstallationReader(layout, machineName).read();
        SecretsReader.Found secrets = new SecretsReader(layout, installation).read();
        ServerConfig config =
                new ServerFiles(layout, installation, secrets.secrets()).check().config();
        ServerProgram server = new ServerProgram(layout, installation.user(), ServerFiles.settingsFile(installation));
        try {
            Path scratch = Files.createTempDirectory("pushjobs-api-test-");
            try {
                Access.of(installation.user(), "rwx------").giveTo(scratch);
                TestDirectory directory =
                        given.isPresent() ? new GivenDirectory(given.get()) : directory(config, server, scratch);
                return run(installation, config, directory, scratch, options, report);
            } finally {
                remove(scratch);
            }
        } catch (IOException e) {
            throw new CtlException("the test's files cannot be written: " + e + "; run this command as root", e);
        }
    }

    private static TestDirectory directory(ServerConfig config, ServerProgram server, Path scratch)
            throws CtlException {
        return switch (config.directory()) {
            case DirectoryConfig.Standalone _ -> new StandAloneDirectory(server, scratch);
            case DirectoryConfig.ChefServer chef -> new ChefDirectory(chef);
        };
    }

    private int run(
            Installation installation,
            ServerConfig config,
            TestDirectory directory,
            Path scratch,
            List<String> options,
            Optional<Path> report)
            throws CtlException, IOException, InterruptedException {
        String user = installation.user();
        byte[] random = new byte[4];
        new SecureRandom().nextBytes(random);
        String name = "pushjobs-test-" + HexFormat.of().formatHex(random);
        ObjectNode settings = JSON.createObjectNode();
        try {
            TestDirectory.People people = directory.make(name);
            settings.put("organisation", people.organisation());
            settings.put("user", people.user()).put("client", people.client());
            settings.put("user_key", key(people.userKey(), scratch.resolve("user.pem"), user));
            settings.put("client_key", key(people.clientKey(), scratch.resolve("client.pem"), user));
            settings.put("url", url(installation, config)).put("directory", scratch.toString());
            if (config.directory() instanceof DirectoryConfig.ChefServer chef) {
                trust(chef.trust(), settings);
            }
            Path file = scratch.resolve("settings.json");
            write(file, settings.toString(), user);
            List<String> command = new ArrayList<>(ServerProgram.as(user));
            command.addAll(List.of(layout.at(PROGRAM).toString(), "--settings", file.toString()));
            command.addAll(options);
            if (report.isPresent()) {
                command.addAll(List.of("--junit-file", scratch.resolve(REPORT).toString()));
            }
            int status = new ProcessBuilder(command)
                    .directory(layout.root().toFile())
                    .inheritIO()
                    .start()
                    .waitFor();
            if (report.isPresent() && Files.exists(scratch.resolve(REPORT))) {
                Files.copy(scratch.resolve(REPORT), report.get(), StandardCopyOption.REPLACE_EXISTING);
            }
            return status;
        } finally {
            try {
                directory.remove();
            } catch (CtlException e) {
                e.problems().forEach(problem -> err.println("left behind: " + problem));
            }
        }
    }

    private static String key(String pem, Path file, String user) throws IOException {
        write(file, pem, user);
        return file.toString();
    }

    private static void write(Path file, String content, String user) throws IOException {
        AtomicFile.write(file, content.getBytes(StandardCharsets.UTF_8), Access.of(user, "rw-------"));
    }

    /** As people and agents reach it. */
    private static String url(Installation installation, ServerConfig config) {
        return switch (config.directory()) {
            case DirectoryConfig.ChefServer chef -> chef.rootUrl().toString();
            case DirectoryConfig.Standalone _ ->
                "http://" + Installation.bracketed(installation.vip()) + ":"
                        + config.api().port();
        };
    }

    private static void trust(TlsTrust trust, ObjectNode settings) {
        switch (trust) {
            case TlsTrust.SystemAuthorities() -> {}
            case TlsTrust.Authorities(String pem) -> settings.put("certificates", pem);
            case TlsTrust.Anyone() -> settings.put("believes_everybody", true);
        }
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
