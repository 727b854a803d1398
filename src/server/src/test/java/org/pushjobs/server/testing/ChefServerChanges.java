package org.pushjobs.server.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.pushjobs.server.directory.Group;
import org.pushjobs.server.directory.Principal;

/** What the superuser of a {@link ChefServerFixture} makes and takes away by requests. Usable from any thread. */
final class ChefServerChanges {
    private static final int GUID_BYTES = 16;
    private static final int CREATED = 201;
    private static final int DONE = 200;
    private static final int UNKNOWN = 404;

    private final Map<String, String> guids;
    private final Map<String, List<Principal>> principals;
    private final Map<String, Group> groups;
    private final Map<String, String> userKeys = new ConcurrentHashMap<>();

    /**
     * @param guids by the names of organisations
     * @param principals by {@code ORG/NAME}
     * @param groups by {@code ORG/NAME}
     */
    ChefServerChanges(Map<String, String> guids, Map<String, List<Principal>> principals, Map<String, Group> groups) {
        this.guids = guids;
        this.principals = principals;
        this.groups = groups;
    }

    /**
     * @param path the decoded parts of the request's
     * @return the status of the answer
     */
    int make(String method, List<String> path, JsonObject body) {
        return switch (method + " " + shape(path)) {
            case "POST users" -> {
                userKeys.put(body.getString("username"), body.getString("public_key"));
                yield CREATED;
            }
            case "DELETE users/*" -> userKeys.remove(path.getLast()) == null ? UNKNOWN : DONE;
            case "POST organizations" -> {
                makeOrganisation(body.getString("name"));
                yield CREATED;
            }
            case "DELETE organizations/*" -> {
                principals.keySet().removeIf(name -> name.startsWith(path.getLast() + "/"));
                groups.keySet().removeIf(name -> name.startsWith(path.getLast() + "/"));
                yield guids.remove(path.getLast()) == null ? UNKNOWN : DONE;
            }
            case "POST organizations/*/users" -> {
                String name = body.getString("username");
                yield add(path.get(1), name, Principal.Type.USER, userKeys.get(name));
            }
            case "POST organizations/*/clients" ->
                add(path.get(1), body.getString("name"), Principal.Type.CLIENT, body.getString("public_key"));
            case "PUT organizations/*/groups/*" -> {
                JsonObject actors = body.getJsonObject("actors");
                groups.put(
                        path.get(1) + "/" + path.getLast(),
                        new Group(names(actors, "users"), names(actors, "clients"), names(actors, "groups")));
                yield DONE;
            }
            default -> UNKNOWN;
        };
    }

    /** Every second part is a name. */
    private static String shape(List<String> path) {
        StringBuilder shape = new StringBuilder();
        for (int i = 0; i < path.size(); i++) {
            shape.append(i == 0 ? "" : "/").append(i % 2 == 0 ? path.get(i) : "*");
        }
        return shape.toString();
    }

    private void makeOrganisation(String name) {
        byte[] guid = new byte[GUID_BYTES];
        ThreadLocalRandom.current().nextBytes(guid);
        groups.put(name + "/admins", new Group(Set.of(ChefServerFixture.SUPERUSER), Set.of(), Set.of()));
        guids.put(name, HexFormat.of().formatHex(guid));
    }

    private int add(String organisation, String name, Principal.Type type, String publicKey) {
        if (publicKey == null || !guids.containsKey(organisation)) {
            return UNKNOWN;
        }
        principals.put(organisation + "/" + name, List.of(new Principal(name, type, publicKey, true)));
        return CREATED;
    }

    private static Set<String> names(JsonObject actors, String kind) {
        return actors.getJsonArray(kind, new JsonArray()).stream()
                .map(String.class::cast)
                .collect(Collectors.toSet());
    }
}
