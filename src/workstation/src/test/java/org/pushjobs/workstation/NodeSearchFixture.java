package org.pushjobs.workstation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pushjobs.workstation.ScriptedServer.Answer;
import org.pushjobs.workstation.ScriptedServer.Received;

/** The node search of a Chef server: whole nodes by GET, chosen parts of them by POST, in pages. */
final class NodeSearchFixture {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_ROWS = 1000;

    private final String query;
    private final List<String> names;

    /** @param names what the query finds; an empty name is a node that has gone since it was indexed */
    NodeSearchFixture(String query, List<String> names) {
        this.query = query;
        this.names = names;
    }

    /** Partial search: the body names the attributes. */
    Answer post(Received request) {
        return Answer.json(200, page(request, request.body().equals("{\"name\":[\"name\"]}")));
    }

    Answer get(Received request) {
        return Answer.json(200, page(request, false));
    }

    private String page(Received request, boolean partial) {
        Map<String, String> parameters = new HashMap<>();
        Arrays.stream(URI.create(request.uri()).getRawQuery().split("&"))
                .map(parameter -> parameter.split("=", 2))
                .forEach(parameter -> parameters.put(
                        parameter[0], URLDecoder.decode(parameter[1].replace("+", "%2B"), StandardCharsets.UTF_8)));
        int start = Integer.parseInt(parameters.get("start"));
        int rows = Math.min(MOST_ROWS, Integer.parseInt(parameters.get("rows")));
        boolean known = parameters.get("q").equals(query);
        ObjectNode page = JSON.createObjectNode();
        page.put("total", known ? names.size() : 0).put("start", start);
        ArrayNode found = page.putArray("rows");
        if (known) {
            names.stream().skip(start).limit(rows).forEach(name -> add(found, name, partial));
        }
        return page.toString();
    }

    private static void add(ArrayNode rows, String name, boolean partial) {
        if (name.isEmpty()) {
            rows.addNull();
            return;
        }
        ObjectNode row = rows.addObject();
        if (partial) {
            row.put("url", "https://chef.example.com/organizations/acme/nodes/" + name)
                    .putObject("data")
                    .put("name", name);
        } else {
            row.put("name", name).put("chef_environment", "_default").put("json_class", "Chef::Node");
            row.putObject("automatic").put("fqdn", name + ".example.com");
        }
    }
}
