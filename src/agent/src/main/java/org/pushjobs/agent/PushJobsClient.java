package org.pushjobs.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.pushjobs.agent.link.AgentStatus;
import org.pushjobs.agent.settings.AgentException;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.agent.settings.HostNames;
import org.pushjobs.agent.settings.JsonSettingsFile;
import org.pushjobs.agent.settings.Setting;
import org.pushjobs.agent.settings.SettingsDraft;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program {@code push-jobs-client}: options and file, the agent, signals. The only class that exits the process. */
@Command(
        name = "push-jobs-client",
        description = "Runs the commands of push jobs on this node.",
        sortOptions = false,
        versionProvider = PushJobsClient.Version.class)
public final class PushJobsClient implements Callable<Integer> {
    private static final Path DEFAULT_CONFIG = Path.of("/etc/chef/push-jobs-client.json");

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The configuration file. Default: /etc/chef/push-jobs-client.json, where it exists.")
    private Path config;

    @Option(
            names = {"-S", "--server"},
            paramLabel = "URL",
            description = "The server, with /organizations/ORG.")
    private String server;

    @Option(
            names = {"-N", "--node-name"},
            paramLabel = "NAME",
            description = "This node's name. Default: its host name with the domain.")
    private String nodeName;

    @Option(
            names = {"-k", "--client-key", "--client_key"},
            paramLabel = "FILE",
            description = "The node's private key.")
    private String clientKey;

    @Option(
            names = {"-d", "--file_dir"},
            paramLabel = "DIR",
            description = "Where job files are written. Default: /tmp/chef-push.")
    private String fileDir;

    @Option(
            names = {"-l", "--log_level"},
            paramLabel = "LEVEL",
            description = "debug, info, warn, error or fatal. Default: info.")
    private String logLevel;

    @Option(
            names = {"-L", "--logfile"},
            paramLabel = "FILE",
            description = "Where to log to. Default: the standard output.")
    private String logFile;

    @Option(
            names = {"-M", "--max-body-size"},
            paramLabel = "BYTES",
            description = "Most captured output that is sent. Default: 63000.")
    private Long maxBodySize;

    @Option(names = "--allow_unencrypted", description = "Accept a server that offers no encryption.")
    private boolean allowUnencrypted;

    @Option(
            names = {"-v", "--version"},
            versionHelp = true,
            description = "Print the version.")
    private boolean versionWanted;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this.")
    private boolean helpWanted;

    private PushJobsClient() {}

    /** Runs until TERM or INT and then exits with 0; with 1 on an error, with 2 when the options are wrong. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new PushJobsClient()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            AgentSettings settings = settings();
            LogSetup.apply(settings.log());
            Agent agent = new Agent(settings, Clock.systemUTC());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(agent), "shutdown"));
            agent.start();
            Signals.on("USR1", agent::refetchConfig);
            agent.awaitStop();
            return CommandLine.ExitCode.SOFTWARE;
        } catch (AgentException e) {
            System.err.println("push-jobs-client: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    /** TERM and INT start the shutdown of the virtual machine; its own exit status for them would not be 0. */
    private static void stop(Agent agent) {
        boolean broken = agent.status().connection() == AgentStatus.Connection.STOPPED;
        agent.close();
        if (!broken) {
            Runtime.getRuntime().halt(CommandLine.ExitCode.OK);
        }
    }

    private AgentSettings settings() throws AgentException {
        SettingsDraft draft = new SettingsDraft();
        configFile().ifPresent(file -> JsonSettingsFile.read(file, draft));
        put(draft, Setting.CHEF_SERVER_URL, server);
        put(draft, Setting.NODE_NAME, nodeName);
        put(draft, Setting.CLIENT_KEY, clientKey);
        put(draft, Setting.FILE_DIR, fileDir);
        put(draft, Setting.LOG_LEVEL, logLevel);
        put(draft, Setting.LOG_LOCATION, logFile);
        put(draft, Setting.MAX_BODY_SIZE, maxBodySize);
        put(draft, Setting.ALLOW_UNENCRYPTED, allowUnencrypted ? Boolean.TRUE : null);
        return draft.build(HostNames::fullName);
    }

    private Optional<Path> configFile() {
        return config != null || !Files.exists(DEFAULT_CONFIG)
                ? Optional.ofNullable(config)
                : Optional.of(DEFAULT_CONFIG);
    }

    private static void put(SettingsDraft draft, Setting setting, Object value) {
        if (value != null) {
            draft.put(setting, setting.option(), value);
        }
    }

    /** The version that the build wrote down. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            Properties properties = new Properties();
            try (InputStream resource = PushJobsClient.class.getResourceAsStream("version.properties")) {
                properties.load(resource);
            } catch (IOException e) {
                throw new UncheckedIOException("the program's version cannot be read", e);
            }
            return new String[] {"push-jobs-client " + properties.getProperty("version")};
        }
    }
}
