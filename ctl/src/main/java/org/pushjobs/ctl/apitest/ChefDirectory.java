package org.pushjobs.ctl.apitest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.pushjobs.config.DirectoryConfig;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.chef.ChefApi;

/** The Chef server's, by its API, as its superuser. The test has an organisation of its own there, which goes, too. */
final class ChefDirectory implements TestDirectory {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DirectoryConfig.ChefServer chef;
    private final ChefApi api;
    private final List<String> removals = new ArrayList<>();

    ChefDirectory(DirectoryConfig.ChefServer chef) throws CtlException {
        this.chef = chef;
        try {
            this.api = new ChefApi(chef, LIMIT);
        } catch (CertificateException e) {
            throw new CtlException("the certificates that chef_ca_file names cannot be used: " + e.getMessage(), e);
        }
    }

    @Override
    public People make(String name) throws CtlException, InterruptedException {
        Newcomer user = Newcomer.called(name);
        Newcomer agent = Newcomer.called(name + "-agent");
        String organisation = user.name();
        removals.addFirst("/users/" + user.name());
        send(
                "POST",
                "/users",
                JSON.createObjectNode()
                        .put("username", user.name())
                        .put("display_name", user.name())
                        .put("first_name", "push")
                        .put("last_name", "jobs")
                        .put("email", user.name() + "@example.com")
                        .put("password", UUID.randomUUID().toString())
                        .put("public_key", user.publicKey()));
        removals.addFirst("/organizations/" + organisation);
        send(
                "POST",
                "/organizations",
                JSON.createObjectNode().put("name", organisation).put("full_name", "Test of push jobs"));
        String path = "/organizations/" + organisation;
        send("POST", path + "/users", JSON.createObjectNode().put("username", user.name()));
        makeAdmin(path + "/groups/admins", user.name());
        send(
                "POST",
                path + "/clients",
                JSON.createObjectNode()
                        .put("name", agent.name())
                        .put("clientname", agent.name())
                        .put("public_key", agent.publicKey()));
        return new People(organisation, user.name(), user.privateKey(), agent.name(), agent.privateKey());
    }

    private void makeAdmin(String group, String name) throws CtlException, InterruptedException {
        JsonNode admins = send("GET", group, JSON.createObjectNode());
        ObjectNode changed = JSON.createObjectNode().put("groupname", "admins");
        ObjectNode actors = changed.putObject("actors");
        for (String kind : List.of("users", "clients", "groups")) {
            ArrayNode names = actors.putArray(kind);
            admins.path(kind).forEach(names::add);
            if (kind.equals("users")) {
                names.add(name);
            }
        }
        send("PUT", group, changed);
    }

    @Override
    public void remove() throws CtlException, InterruptedException {
        List<String> left = new ArrayList<>();
        for (String path : removals) {
            try {
                send("DELETE", path, JSON.createObjectNode());
            } catch (CtlException e) {
                left.addAll(e.problems());
            }
        }
        if (!left.isEmpty()) {
            throw new CtlException(left);
        }
    }

    private JsonNode send(String method, String path, ObjectNode body) throws CtlException, InterruptedException {
        String asked = method + " " + ChefApi.at(chef, path);
        byte[] bytes = body.isEmpty() ? new byte[0] : body.toString().getBytes(StandardCharsets.UTF_8);
        try {
            HttpResponse<byte[]> response = api.send(method, path, bytes);
            if (response.statusCode() / 100 != 2) {
                throw new CtlException("the Chef server answers " + asked + " with " + response.statusCode() + " "
                        + new String(response.body(), StandardCharsets.UTF_8).strip());
            }
            return response.body().length == 0 ? JSON.createObjectNode() : JSON.readTree(response.body());
        } catch (IOException e) {
            throw new CtlException(
                    "the Chef server does not answer " + asked + ": " + e.getMessage()
                            + "; opscode-push-jobs-server-ctl doctor says more",
                    e);
        }
    }
}
