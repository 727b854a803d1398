package org.pushjobs.ctl.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.pushjobs.config.settings.KnownSettings;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.settings.ChefServer.Machine;
import org.pushjobs.ctl.settings.Installation.ChefServerMachine;
import org.pushjobs.ctl.settings.Installation.Database;
import org.pushjobs.ctl.settings.Installation.Host;
import org.pushjobs.ctl.settings.Installation.LogRotation;
import org.pushjobs.ctl.settings.Installation.Service;
import org.pushjobs.ctl.settings.Installation.StandAlone;
import org.pushjobs.rubyconfig.Dialect;
import org.pushjobs.rubyconfig.EvaluatedFile;
import org.pushjobs.rubyconfig.RubyConfig;
import org.pushjobs.rubyconfig.RubyConfigException;

/** Puts together what the Chef server and the operator have set (packaging-ha.md, section 2.3). Changes nothing. */
public final class InstallationReader {
    private static final String SERVER = Attributes.SERVER;
    private static final List<String> PORTS = List.of("api_port", "server_heartbeat_port", "command_port");
    private static final String STAND_ALONE_USER = "opscode-push-jobs";

    private final Layout layout;
    private final Supplier<String> machineName;
    private final List<String> errors = new ArrayList<>();
    private GivenSettings given = GivenSettings.none();

    /** @param machineName the full name of this machine, asked for when it is needed */
    public InstallationReader(Layout layout, Supplier<String> machineName) {
        this.layout = layout;
        this.machineName = machineName;
    }

    /** @throws CtlException with everything that is wrong */
    public Installation read() throws CtlException, InterruptedException {
        Optional<ChefServer> chef = ChefServerFile.read(layout.chefServerRunning());
        given = givenSettings();
        errors.clear();
        Host host = chef.isPresent() ? machine(chef.get()) : new StandAlone();
        Installation installation = installation(host);
        if (!errors.isEmpty()) {
            throw new CtlException(errors);
        }
        return installation;
    }

    private GivenSettings givenSettings() throws CtlException, InterruptedException {
        Path file = layout.settings();
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            return GivenSettings.none();
        }
        if (!Files.isRegularFile(file)) {
            throw new CtlException(file + " is no file but "
                    + (Files.isSymbolicLink(file) && Files.notExists(file)
                            ? "a link to " + linkTarget(file) + ", which is not there"
                            : "a directory or something else")
                    + "; put a file of settings there, or take it away to have the defaults");
        }
        try {
            EvaluatedFile evaluated = RubyConfig.installed().evaluate(file, Dialect.CHEF_SERVER);
            return SettingsFile.check(evaluated);
        } catch (RubyConfigException e) {
            throw new CtlException(e.getMessage() + EvaluationAdvice.of(file, e.getMessage()), e);
        }
    }

    private static String linkTarget(Path link) throws CtlException {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            throw new CtlException(link + " cannot be read: " + e + "; run this command as root", e);
        }
    }

    private ChefServerMachine machine(ChefServer chef) {
        String name = machineName.get();
        if (!chef.hasSeveralMachines()) {
            return new ChefServerMachine(chef, name, true, name);
        }
        Optional<String> bootstrap = chef.servers().entrySet().stream()
                .filter(entry -> entry.getValue().isBootstrap())
                .map(Map.Entry::getKey)
                .findFirst();
        Optional<Machine> self = Optional.ofNullable(chef.servers().get(name));
        if (self.isEmpty()) {
            errors.add(
                    layout.chefServerRunning() + ": private_chef.servers has no entry for this machine, " + name
                            + "; it knows "
                            + String.join(
                                    ", ",
                                    chef.servers().keySet().stream().sorted().toList())
                            + ". Put it into chef-server.rb or set the machine's name right, then run chef-server-ctl reconfigure");
        } else if (!self.get().isBackend() && !self.get().isFrontend()) {
            errors.add("I don't have a role for you!  Use 'backend' or 'frontend'. (" + layout.chefServerRunning()
                    + ": private_chef.servers." + name + ".role)");
        }
        // In the topology tier there is one backend only.
        boolean isBootstrap = self.map(machine -> chef.isHa() ? machine.isBootstrap() : machine.isBackend())
                .orElse(false);
        return new ChefServerMachine(chef, name, isBootstrap, bootstrap.orElse("the bootstrap backend"));
    }

    private Installation installation(Host host) {
        String vip = vip(host);
        Map<String, JsonNode> settings = new LinkedHashMap<>(given.ofServer());
        settings.putIfAbsent("server_name_advertised", TextNode.valueOf(Installation.bracketed(vip)));
        host.chefServer().ifPresent(chef -> ofChefServer(chef, settings));
        Service service = service(host);
        Database database = new DatabaseReader(given, errors).database(host);
        if (service != Service.DISABLED) {
            new ClusterDefaults(host, machineName).addTo(settings);
            requireMembership(settings, database);
        }
        PORTS.forEach(this::requireNumber);
        if (vip.contains(":")) {
            settings.putIfAbsent("api_listen_address", TextNode.valueOf("::"));
        }
        given.get(SERVER, "keyring_dir")
                .ifPresent(keyring -> given.warnings()
                        .add(keyring.place() + ": " + keyring.written()
                                + " is only read to take old keys over; remove it after this reconfigure"));
        return new Installation(
                host,
                service,
                vip,
                Integer.parseInt(
                        settings.containsKey("api_port")
                                ? settings.get("api_port").asText()
                                : KnownSettings.defaultOf("api_port").orElseThrow()),
                user(host),
                given.text(SERVER, "dir").orElseThrow(),
                given.text(SERVER, "log_directory").orElseThrow(),
                new LogRotation(
                        Long.parseLong(
                                given.text(SERVER, "log_rotation.file_maxbytes").orElseThrow()),
                        Integer.parseInt(
                                given.text(SERVER, "log_rotation.num_to_keep").orElseThrow())),
                database,
                settings,
                given.placesOfServer(),
                given.text(SERVER, "keyring_dir").orElse("/etc/" + Layout.NAME),
                given.get(Attributes.BOOTSTRAP, "enable").map(Given::isTrue).orElse(true),
                given.warnings());
    }

    /** The server would say so, too, in terms of its own file, where the database has another name. */
    private void requireMembership(Map<String, JsonNode> settings, Database database) {
        Optional<Given> members = given.get(SERVER, "cluster_members")
                .filter(listed -> !Rules.texts(listed.value()).isEmpty());
        members.filter(_ -> !settings.containsKey("cluster_address"))
                .ifPresent(listed -> errors.add(listed.place() + ": " + listed.written() + " has neither "
                        + machineName.get()
                        + ", the full name of this machine, nor one of its addresses; put one of them"
                        + " into the list of all members, or set " + Attribute.written(SERVER, "cluster_address")));
        members.filter(_ -> database instanceof Database.Embedded)
                .ifPresent(listed -> errors.add(listed.place() + ": " + listed.written()
                        + " needs a database that all members use, and this server has one of its own; set "
                        + Attribute.written(Attributes.POSTGRESQL, "vip") + " or "
                        + Attribute.written(Attributes.POSTGRESQL, "hosts")));
    }

    /** A free port would be another one after each start. */
    private void requireNumber(String port) {
        given.get(SERVER, port)
                .filter(value -> value.text().equals("0"))
                .ifPresent(value -> errors.add(value.place() + ": " + value.written()
                        + " is 0, which takes a free port: nginx and agents need one that stays; set it to a number"));
    }

    private String user(Host host) {
        return switch (host) {
            case ChefServerMachine(var chef, var _, var _, var _) -> {
                given.warnIfGiven(SERVER, "user", "the Chef server's services run as " + chef.user());
                yield chef.user();
            }
            case StandAlone() -> {
                given.warnIfGiven(SERVER, "ha", "there is no Chef server, whose topology decides it");
                yield given.text(SERVER, "user").orElse(STAND_ALONE_USER);
            }
        };
    }

    private String vip(Host host) {
        return given.get(SERVER, "vip").map(Given::text).orElseGet(() -> switch (host) {
            case ChefServerMachine(var chef, var _, var _, var _) ->
                chef.hasSeveralMachines()
                        ? needed(chef.backendVip(), "backend_vips.ipaddress").replaceFirst("/.*", "")
                        : needed(chef.apiFqdn(), "lb.api_fqdn");
            case StandAlone() -> machineName.get();
        });
    }

    private String needed(Optional<String> value, String name) {
        return value.orElseGet(() -> {
            errors.add(layout.chefServerRunning() + ": private_chef." + name + " is missing; run chef-server-ctl"
                    + " reconfigure, or set " + Attribute.written(SERVER, "vip") + " in " + layout.settings());
            return "";
        });
    }

    private void ofChefServer(ChefServer chef, Map<String, JsonNode> settings) {
        given.warnIfGiven(SERVER, "ha", "the Chef server's topology, " + chef.topology() + ", decides it");
        if (!settings.containsKey("erchef_root_url")) {
            chef.apiFqdn()
                    .ifPresentOrElse(
                            name -> settings.put(
                                    "erchef_root_url", TextNode.valueOf("https://" + Installation.bracketed(name))),
                            () -> needed(Optional.empty(), "lb.api_fqdn"));
        }
        List<String> proxies = chef.servers().values().stream()
                .map(Machine::address)
                .flatMap(Optional::stream)
                .sorted()
                .toList();
        if (!proxies.isEmpty()) {
            // The frontends' nginx says who asks.
            String own = KnownSettings.defaultOf("trusted_proxies").orElseThrow();
            settings.putIfAbsent("trusted_proxies", TextNode.valueOf(own + ", " + String.join(", ", proxies)));
        }
        chef.certificate()
                .filter(file -> Files.exists(layout.at(file)))
                .ifPresent(file -> settings.putIfAbsent("chef_ca_file", TextNode.valueOf(file)));
    }

    private Service service(Host host) {
        Optional<Boolean> wanted = given.get(SERVER, "enable").map(Given::isTrue);
        return switch (host) {
            case StandAlone() -> wanted.orElse(true) ? Service.ENABLED : Service.DISABLED;
            case ChefServerMachine(var chef, var _, var _, var _) -> {
                boolean frontend = Installation.isFrontend(host);
                if (!wanted.orElse(!frontend)) {
                    yield Service.DISABLED;
                }
                // Frontends have no keepalived.
                yield chef.isHa() && !frontend ? Service.BY_KEEPALIVED : Service.ENABLED;
            }
        };
    }
}
