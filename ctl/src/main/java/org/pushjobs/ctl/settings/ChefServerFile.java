package org.pushjobs.ctl.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.settings.ChefServer.Machine;
import org.pushjobs.ctl.settings.ChefServer.Postgres;
import org.pushjobs.ctl.settings.ChefServer.ServiceTree;

/** Reads chef-server-running.json, which {@code chef-server-ctl reconfigure} writes. */
final class ChefServerFile {
    private static final String ADVICE = "; run chef-server-ctl reconfigure, which writes the file";

    private final Path file;
    private final JsonNode document;
    private final JsonNode chef;
    private final List<String> problems = new ArrayList<>();

    private ChefServerFile(Path file, JsonNode document) {
        this.file = file;
        this.document = document;
        this.chef = document.path("private_chef");
    }

    /**
     * Empty where there is no Chef server.
     *
     * @throws CtlException with everything that is missing
     */
    static Optional<ChefServer> read(Path file) throws CtlException {
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ChefServerFile(file, new ObjectMapper().readTree(Files.readAllBytes(file))).parse());
        } catch (JsonProcessingException e) {
            throw new CtlException(
                    file + ", line " + e.getLocation().getLineNr() + ": is no JSON document" + ADVICE, e);
        } catch (IOException e) {
            throw new CtlException(file + " cannot be read (" + e.getMessage() + "); run this command as root", e);
        }
    }

    private ChefServer parse() throws CtlException {
        if (!chef.isObject()) {
            throw new CtlException(file + ": private_chef is missing" + ADVICE);
        }
        String install = text("/install_path").orElse("/opt/opscode");
        JsonNode runit = document.path("runit");
        Map<String, Machine> servers = new LinkedHashMap<>();
        chef.path("servers").properties().forEach(entry -> servers.put(entry.getKey(), machine(entry.getValue())));
        ChefServer server = new ChefServer(
                text("/topology").orElse("standalone"),
                servers,
                text("/backend_vips/ipaddress"),
                text("/lb/api_fqdn").or(() -> text("/api_fqdn")),
                new Postgres(
                        required("/postgresql/vip"),
                        port(),
                        text("/postgresql/db_superuser")
                                .or(() -> text("/postgresql/username"))
                                .orElseGet(() -> required("/postgresql/db_superuser")),
                        chef.at("/postgresql/external").asBoolean()),
                required("/user/username"),
                install + "/embedded/sbin/nginx",
                text("/nginx/dir").orElse("/var/opt/opscode/nginx"),
                new ServiceTree(
                        runit.path("sv_dir").asText(install + "/sv"),
                        runit.path("service_dir").asText(install + "/service"),
                        runit.path("lsb_init_dir").asText(install + "/init"),
                        runit.path("sv_bin").asText(install + "/embedded/bin/sv"),
                        runit.path("chpst_bin").asText(install + "/embedded/bin/chpst"),
                        runit.path("svlogd_bin").asText(install + "/embedded/bin/svlogd")),
                text("/keepalived/dir").orElse("/var/opt/opscode/keepalived"),
                text("/nginx/ssl_certificate"));
        if (!problems.isEmpty()) {
            throw new CtlException(problems);
        }
        return server;
    }

    private static Machine machine(JsonNode entry) {
        return new Machine(
                Optional.ofNullable(entry.path("role").textValue()),
                entry.path("bootstrap").asBoolean(),
                Optional.ofNullable(entry.path("ipaddress").textValue()),
                Optional.ofNullable(entry.path("cluster_ipaddress").textValue()));
    }

    private Optional<String> text(String pointer) {
        return Optional.ofNullable(chef.at(pointer).textValue()).filter(text -> !text.isBlank());
    }

    private String required(String pointer) {
        return text(pointer).orElseGet(() -> {
            problems.add(file + ": private_chef" + pointer.replace('/', '.') + " is missing" + ADVICE);
            return "";
        });
    }

    /** A number, or a text that is one. */
    private int port() {
        int port = chef.at("/postgresql/port").asInt();
        if (port < 1 || port > 65_535) {
            problems.add(file + ": private_chef.postgresql.port is no port" + ADVICE);
        }
        return port;
    }
}
