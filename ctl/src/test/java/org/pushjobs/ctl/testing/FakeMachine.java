package org.pushjobs.ctl.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.pushjobs.ctl.commands.Commands;
import org.pushjobs.ctl.commands.Machine;
import org.pushjobs.ctl.files.Access;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.protocol.keys.PemKeys;

/** A root directory with what a Chef server leaves on a machine, and a way to run commands in it. */
public final class FakeMachine {
    /** Who runs the Chef server's services in it: somebody who is on every machine. */
    public static final String USER = "nobody";

    public static final String NAME = "chef.example.com";

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String SUPERUSER_KEY =
            PemKeys.toPem((RSAPrivateKey) PemKeys.generate().getPrivate());

    private final Layout layout;
    private Duration patience = Duration.ofMillis(100);

    private FakeMachine(Path root) {
        this.layout = new Layout(root.toAbsolutePath());
    }

    /** Without a Chef server. Files get other owners, which only root can do. */
    public static FakeMachine empty(Path root) {
        Assumptions.assumeTrue(
                System.getProperty("user.name").equals("root"), "files can be given to other users by root only");
        FakeMachine machine = new FakeMachine(root);
        machine.directory("/etc");
        return machine;
    }

    /** With a Chef server that has been configured, whose database is at a port of this machine. */
    public static FakeMachine withChefServer(Path root, int postgresPort) {
        FakeMachine machine = empty(root);
        Stream.of("/etc/opscode", "/opt/opscode/sv", "/opt/opscode/service", "/opt/opscode/init", "/var/log/opscode")
                .forEach(machine::directory);
        machine.directory("/var/opt/opscode/nginx/etc/addon.d");
        machine.running(standalone(postgresPort));
        return machine;
    }

    /** The same with the secrets that the Chef server makes, in version 1 of its file. */
    public static FakeMachine withSecrets(Path root, int postgresPort) {
        FakeMachine machine = withChefServer(root, postgresPort);
        ObjectNode document = JSON.createObjectNode();
        ObjectNode veil = document.putObject("veil")
                .put("type", "Veil::CredentialCollection::ChefSecretsFile")
                .put("version", 1);
        ObjectNode credentials = veil.putObject("credentials");
        credentials.putObject("postgresql").putObject("db_superuser_password").put("value", "s");
        credentials.putObject("chef-server").putObject("superuser_key").put("value", SUPERUSER_KEY);
        credentials.putObject("redis_lb").putObject("password").put("value", "not ours");
        machine.write(machine.layout.chefServerSecrets(), document.toString());
        return machine;
    }

    private static ObjectNode standalone(int postgresPort) {
        ObjectNode document = JSON.createObjectNode();
        ObjectNode chef = document.putObject("private_chef");
        chef.put("role", "standalone").put("topology", "standalone");
        chef.putObject("postgresql")
                .put("vip", "127.0.0.1")
                .put("port", postgresPort)
                .put("db_superuser", "postgres")
                .put("username", "opscode-pgsql");
        chef.putObject("user").put("username", USER);
        chef.putObject("lb").put("api_fqdn", NAME);
        chef.putObject("nginx").put("dir", "/var/opt/opscode/nginx");
        chef.putObject("opscode-erchef");
        document.putObject("runit")
                .put("sv_dir", "/opt/opscode/sv")
                .put("service_dir", "/opt/opscode/service")
                .put("lsb_init_dir", "/opt/opscode/init")
                .put("sv_bin", "/opt/opscode/embedded/bin/sv");
        return document;
    }

    /** What the Chef server says of itself, to be changed and given to {@link #running(JsonNode)}. */
    public ObjectNode running() {
        try {
            return (ObjectNode) JSON.readTree(Files.readAllBytes(layout.chefServerRunning()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void running(JsonNode document) {
        write(layout.chefServerRunning(), document.toPrettyString());
    }

    /** Two backends of which the first makes the secrets, and a frontend. */
    public void isInHa(String topology) {
        ObjectNode document = running();
        ObjectNode chef = (ObjectNode) document.get("private_chef");
        chef.put("topology", topology);
        chef.putObject("backend_vips").put("ipaddress", "192.0.2.10");
        ObjectNode servers = chef.putObject("servers");
        servers.putObject("be1.example.com").put("role", "backend").put("bootstrap", true);
        servers.putObject("be2.example.com").put("role", "backend");
        servers.putObject("fe1.example.com").put("role", "frontend");
        running(document);
    }

    /** The address that the Chef server knows of one of its machines. */
    public void hasAddress(String name, String address) {
        ObjectNode document = running();
        ((ObjectNode) document.at("/private_chef/servers/" + name)).put("ipaddress", address);
        running(document);
    }

    public Layout layout() {
        return layout;
    }

    public Path at(String path) {
        return layout.at(path);
    }

    public Path directory(String path) {
        try {
            return Files.createDirectories(layout.at(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The add-on's settings. */
    public void settings(String... lines) {
        write(layout.settings(), String.join("\n", lines) + "\n");
    }

    /** Only for root's eyes. */
    public Path write(Path file, String content) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String read(String path) {
        try {
            return Files.readString(layout.at(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a command wrote and how it ended. */
    public record Ran(int status, String out, String err) {}

    /** How long commands wait for a supervisor to see a service. */
    public void patience(Duration limit) {
        patience = limit;
    }

    public Ran run(String... arguments) {
        return runOn(NAME, arguments);
    }

    /** @param name of the machine */
    public Ran runOn(String name, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Machine machine =
                new Machine(layout, () -> name, patience, Duration.ZERO, new PrintWriter(out), new PrintWriter(err));
        int status = new Commands(machine).run(arguments);
        return new Ran(status, out.toString(), err.toString());
    }

    /** Every file, directory and link with its owner, rights and content; two of them are equal when nothing changed. */
    public Map<String, String> contents() {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(layout.root())) {
            for (Path path : paths.toList()) {
                contents.put("/" + layout.root().relativize(path), describe(path));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return contents;
    }

    private static String describe(Path path) throws IOException {
        if (Files.isSymbolicLink(path)) {
            return "-> " + Files.readSymbolicLink(path);
        }
        String access = Access.of(path).toString();
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) ? access + "\n" + Files.readString(path) : access;
    }
}
