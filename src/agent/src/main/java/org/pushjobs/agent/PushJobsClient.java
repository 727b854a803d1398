package org.pushjobs.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.Security;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.pushjobs.agent.settings.AgentException;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.agent.settings.HostNames;
import org.pushjobs.agent.settings.Setting;
import org.pushjobs.agent.settings.SettingsSource;
import org.pushjobs.platform.text.PlatformText;
import org.pushjobs.rubyconfig.RubyValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
    private static final Logger LOG = LoggerFactory.getLogger(PushJobsClient.class);

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "The configuration file, in Ruby syntax; in JSON when its name ends in .json. Default: the first"
                            + " that exists of /etc/chef/chef-push-client.rb, /etc/chef/push-jobs-client.rb,"
                            + " /etc/chef/client.rb.")
    private Path config;

    @Option(
            names = {"-S", "--server"},
            paramLabel = "URL",
            description = "The server, with /organizations/ORG.")
    private String server;

    @Option(
            names = {"-N", "--node-name"},
            paramLabel = "NAME",
            description = "This node's name. Default: its host name with the domain, else without.")
    private String nodeName;

    @Option(
            names = {"-k", "--client_key", "--client-key"},
            paramLabel = "FILE",
            description = "The node's private key. Default: /etc/chef/client.pem.")
    private String clientKey;

    @Option(
            names = {"-d", "--file_dir", "-file_dir"},
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
            names = "--check-config",
            description = "Say what is read from where, and start nothing. Exit status 1 when it cannot be used.")
    private boolean checkWanted;

    @Option(
            names = "--explain",
            paramLabel = "COMMAND",
            description =
                    "Say what runs here for a job's command, and start nothing. Exit status 1 when it is refused.")
    private String explained;

    @Option(
            names = "--allow_writable_config",
            description = "As root, believe configuration files that others may write.")
    private boolean allowWritableConfig;

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
        PlatformText.problem(arguments).ifPresent(problem -> {
            System.err.println("push-jobs-client: " + problem);
            System.exit(CommandLine.ExitCode.SOFTWARE);
        });
        // Nobody is asked more often than every second; a name that is known again must not stay unknown.
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        Security.setProperty("networkaddress.cache.ttl", "5");
        System.exit(new CommandLine(new PushJobsClient()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            // before there is an agent that could act on them they must not end the program
            List.of("HUP", "USR1").forEach(name -> Signals.on(name, () -> {}));
            SettingsSource source = source();
            SettingsSource.Loaded loaded = source.read();
            if (checkWanted || explained != null) {
                return new ConfigCheck(loaded, System.out).run(Optional.ofNullable(explained));
            }
            LogSetup.apply(loaded.settings().log());
            loaded.report().warnings().forEach(LOG::warn);
            if (allowWritableConfig) {
                LOG.warn("configuration files are believed whoever may write them [--allow_writable_config]");
            }
            runAgent(source, loaded);
        } catch (AgentException e) {
            System.err.println("push-jobs-client: " + e.getMessage());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** Comes back only when the agent has ended though nobody has told it to, or was told and its process ends. */
    private static void runAgent(SettingsSource source, SettingsSource.Loaded loaded)
            throws AgentException, InterruptedException {
        Agent agent = new Agent(loaded.settings(), Clock.systemUTC());
        SettingsWatch watch = new SettingsWatch(source, loaded, changed -> takeOver(changed, agent));
        AtomicBoolean endsByItself = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(agent, endsByItself.get()), "shutdown"));
        try {
            agent.start();
            watch.start();
            Signals.on("HUP", () -> {
                LogSetup.reopen();
                watch.readAgain(() -> {});
            });
            Signals.on("USR1", () -> {
                LogSetup.reopen();
                watch.readAgain(agent::refetchConfig);
            });
            agent.awaitStop();
        } finally {
            endsByItself.set(true);
        }
    }

    private static void takeOver(AgentSettings changed, Agent agent) {
        List<String> kept = agent.update(changed);
        LogSetup.setLevel(changed.log().level());
        LOG.info(
                "took over changed settings [whitelist: {} commands]",
                changed.jobs().whitelist().size());
        if (!kept.isEmpty()) {
            LOG.warn("changed settings need a restart [settings: {}]", String.join(", ", kept));
        }
    }

    /** TERM and INT start the shutdown of the virtual machine; its own exit status for them would not be 0. */
    private static void stop(Agent agent, boolean endsByItself) {
        agent.close();
        if (!endsByItself) {
            Runtime.getRuntime().halt(CommandLine.ExitCode.OK);
        }
    }

    private SettingsSource source() {
        Map<Setting, RubyValue> options = new EnumMap<>(Setting.class);
        put(options, Setting.CHEF_SERVER_URL, server);
        put(options, Setting.NODE_NAME, nodeName);
        put(options, Setting.CLIENT_KEY, clientKey);
        put(options, Setting.FILE_DIR, fileDir);
        put(options, Setting.LOG_LEVEL, logLevel);
        put(options, Setting.LOG_LOCATION, logFile);
        if (maxBodySize != null) {
            options.put(Setting.MAX_BODY_SIZE, new RubyValue.Int(BigInteger.valueOf(maxBodySize)));
        }
        if (allowUnencrypted) {
            options.put(Setting.ALLOW_UNENCRYPTED, new RubyValue.Bool(true));
        }
        if (allowWritableConfig) {
            options.put(Setting.ALLOW_WRITABLE_CONFIG, new RubyValue.Bool(true));
        }
        return new SettingsSource(
                Optional.ofNullable(config).or(() -> SettingsSource.firstOf(SettingsSource.DEFAULT_FILES)),
                options,
                System.getenv(),
                HostNames::fullName);
    }

    private static void put(Map<Setting, RubyValue> options, Setting setting, String value) {
        if (value != null) {
            options.put(setting, new RubyValue.Text(value));
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
