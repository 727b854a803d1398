package org.pushjobs.ctl.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.pushjobs.config.ServerConfig;
import org.pushjobs.config.files.ConfigException;
import org.pushjobs.config.settings.ConfigFile;
import org.pushjobs.config.settings.KnownSettings;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.files.Access;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.plan.Wanted.Content;
import org.pushjobs.ctl.secrets.ServerSecrets;
import org.pushjobs.ctl.service.InstalledService;
import org.pushjobs.ctl.service.ServerProgram;
import org.pushjobs.ctl.settings.Installation;
import org.pushjobs.ctl.settings.Installation.Database;

/** The files that the server reads when it starts: its settings, and secrets that only its user may read. */
public final class ServerFiles {
    private static final String SETTINGS = "server.json";
    private static final String SECRETS = "secrets.json";
    private static final String DATABASE_PASSWORD = "database-password";
    private static final String SUPERUSER_KEY = "superuser.pem";
    /** The directory of a database of the server's own, among its other files. */
    static final String DATA = "data";

    private static final String SCRATCH = "pushjobs-check-";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ERROR =
            Pattern.compile(".*" + SETTINGS + "(?:, line [0-9]+)?: (\\w+) (.*)", Pattern.DOTALL);

    private final Layout layout;
    private final Installation installation;
    private final ServerSecrets secrets;

    public ServerFiles(Layout layout, Installation installation, ServerSecrets secrets) {
        this.layout = layout;
        this.installation = installation;
        this.secrets = secrets;
    }

    /** The server's settings, seen from the root directory. */
    public static String settingsFile(Installation installation) {
        return settingsFile(installation.serverDirectory());
    }

    private static String settingsFile(String serverDirectory) {
        return serverDirectory + "/" + SETTINGS;
    }

    /**
     * The command line of the server that the last reconfigure has left. For what is asked of a server that runs: settings, whose
     * evaluation takes a second or two, and fails while somebody changes them, say nothing of that one.
     *
     * @throws CtlException when there was no reconfigure, or the server does not run on this machine
     */
    public static ServerProgram installedProgram(Layout layout) throws CtlException {
        JsonNode server = InstalledService.lastReconfigured(layout.running())
                .filter(found ->
                        found.path("user").isTextual() && found.path("dir").isTextual())
                .orElseThrow(() -> new CtlException(
                        "the server is not configured yet; run opscode-push-jobs-server-ctl reconfigure"));
        Path directory = layout.at(server.path("dir").asText());
        // One that the failover of the whole Chef server still needs has them until it may go.
        boolean isRemoved = !server.path("enable").asBoolean()
                && secretNames().map(directory::resolve).noneMatch(Files::exists);
        if (isRemoved) {
            throw new CtlException("the server does not run on this machine, by its settings: "
                    + "opscode_pushy_server['enable'] is false, as it is on frontends when nobody sets it; run this"
                    + " command on a machine where it does");
        }
        return new ServerProgram(
                layout,
                server.path("user").asText(),
                settingsFile(server.path("dir").asText()));
    }

    /** In the order in which they have to be there. */
    List<Wanted.File> files() {
        Path directory = layout.at(installation.serverDirectory());
        Access secret = Access.of(installation.user(), "rw-------");
        List<Wanted.File> files = new ArrayList<>();
        contents(directory, installation.serverDirectory(), path -> path)
                .forEach((path, content) -> files.add(
                        path.endsWith(SETTINGS)
                                ? new Wanted.File(path, content, Access.ofRoot("rw-r--r--"), Content.PLAIN)
                                : new Wanted.File(path, content, secret, Content.SECRET)));
        return files;
    }

    /**
     * What the server makes of its files.
     *
     * @param config as the server has it, but for the paths of files that it gets in its own directory
     * @param warnings what an operator should look at
     */
    public record Checked(ServerConfig config, List<String> warnings) {
        public Checked {
            Objects.requireNonNull(config, "config");
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * Has the server's own rules look at all of it, without leaving a trace.
     *
     * @throws CtlException with everything that does not go together
     */
    public Checked check() throws CtlException {
        try {
            Path directory = scratch();
            Map<Path, String> contents = contents(
                    directory, directory.toString(), path -> layout.at(path).toString());
            try {
                for (Map.Entry<Path, String> entry : contents.entrySet()) {
                    Files.createFile(
                            entry.getKey(),
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                    Files.writeString(entry.getKey(), entry.getValue());
                }
                ConfigFile file = ConfigFile.read(directory.resolve(SETTINGS), Map.of(), installation::vip);
                return new Checked(
                        file.config(),
                        file.warnings().stream().map(this::inOperatorsWords).toList());
            } catch (ConfigException e) {
                throw new CtlException(
                        e.errors().stream().map(this::inOperatorsWords).toList());
            } finally {
                for (Path path : contents.keySet()) {
                    Files.deleteIfExists(path);
                }
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new CtlException("the settings cannot be checked in a temporary directory: " + e, e);
        }
    }

    /**
     * A directory for this process only, where nothing outlives the machine. What a process that was killed has left of it is
     * removed.
     */
    private Path scratch() throws IOException {
        Path above = Files.createDirectories(layout.at("/run"));
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(above, SCRATCH + "*")) {
            for (Path left : directories) {
                long pid = Long.parseLong(left.getFileName().toString().substring(SCRATCH.length()));
                if (pid == ProcessHandle.current().pid()
                        || ProcessHandle.of(pid).isEmpty()) {
                    Applier.remove(left);
                }
            }
        }
        return Files.createDirectory(
                above.resolve(SCRATCH + ProcessHandle.current().pid()),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** What the server says of a member of its file, said of what made it. */
    private String inOperatorsWords(String text) {
        Matcher error = ERROR.matcher(text);
        if (!error.matches()) {
            return text;
        }
        String name = error.group(1);
        String place =
                installation.places().getOrDefault(name, layout.settings() + ": opscode_pushy_server['" + name + "']");
        return place + " " + error.group(2);
    }

    /**
     * @param directory of the files
     * @param written the same as the server sees it
     * @param shown what to make of paths of other files, as they are seen from the root directory
     */
    private Map<Path, String> contents(Path directory, String written, UnaryOperator<String> shown) {
        Map<Path, String> contents = new LinkedHashMap<>();
        ObjectNode settings = JSON.createObjectNode();
        KnownSettings.names().stream()
                .filter(installation.serverSettings()::containsKey)
                .forEach(
                        name -> settings.set(name, installation.serverSettings().get(name)));
        shownPath(settings, "chef_ca_file", shown);
        shownPath(settings, "audit_log_file", shown);
        settings.put("secrets_file", written + "/" + SECRETS);
        contents.put(directory.resolve(SECRETS), secretsFile());
        switch (installation.database()) {
            case Database.Embedded() ->
                settings.put("database", "embedded").put("data_directory", written + "/" + DATA);
            case Database.Postgres postgres -> {
                settings.put("database", url(postgres));
                settings.put("database_password_file", written + "/" + DATABASE_PASSWORD);
                contents.put(directory.resolve(DATABASE_PASSWORD), secrets.sqlPassword() + "\n");
            }
        }
        settings.put("directory", secrets.chefSuperuserKey().isPresent() ? "chef_server" : "standalone");
        secrets.chefSuperuserKey().ifPresent(key -> {
            settings.put("superuser_key_file", written + "/" + SUPERUSER_KEY);
            contents.put(directory.resolve(SUPERUSER_KEY), key);
        });
        contents.put(directory.resolve(SETTINGS), pretty(settings));
        return contents;
    }

    private static void shownPath(ObjectNode settings, String name, UnaryOperator<String> shown) {
        JsonNode path = settings.get(name);
        if (path != null) {
            settings.put(name, shown.apply(path.asText()));
        }
    }

    private static String url(Database.Postgres postgres) {
        return "postgresql://" + encoded(postgres.user()) + "@" + postgres.addresses() + "/" + encoded(postgres.name())
                + (postgres.hosts().size() > 1 ? "?target_session_attrs=read-write" : "");
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    private String secretsFile() {
        return pretty(JSON.createObjectNode()
                .put("curve_public_key", secrets.curvePublicKey())
                .put("curve_secret_key", secrets.curveSecretKey())
                .put("heartbeat_private_key", secrets.privateKey())
                .put("heartbeat_public_key", secrets.publicKey())
                .put("master_secret", secrets.masterSecret()));
    }

    static String pretty(JsonNode document) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
        } catch (IOException e) {
            throw new IllegalStateException("writing JSON to memory failed", e);
        }
    }

    /** All names of files that may hold secrets in the server's directory. */
    public static Stream<String> secretNames() {
        return Stream.of(SECRETS, DATABASE_PASSWORD, SUPERUSER_KEY);
    }

    /** What the original's server read there. */
    static Stream<String> outdatedNames() {
        return Stream.of("sys.config", "vm.args");
    }
}
