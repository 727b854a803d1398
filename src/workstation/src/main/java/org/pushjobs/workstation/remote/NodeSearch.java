package org.pushjobs.workstation.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Node search on the Chef server: {@code search/node} of the organization, asked for the names only (a partial search); a
 * server that does not know partial searches is asked for whole nodes. Used by one thread.
 */
final class NodeSearch {
    private static final int ROWS = 1000;
    private static final String NO_SEARCH =
            "Node search needs a Chef server, which knows roles and attributes, and there is none behind this address: name the"
                    + " nodes, or use a pattern such as 'web-*', --nodes-from or --all. Where there is one, check the"
                    + " organization in the server URL.";

    private static final byte[] NAMES_ONLY = "{\"name\":[\"name\"]}".getBytes(StandardCharsets.UTF_8);

    private final PushJobsClient client;
    private boolean partial = true;

    NodeSearch(PushJobsClient client) {
        this.client = client;
    }

    /** The names of the nodes that the query finds, each once. */
    List<String> names(String query) throws ServerFailure, InterruptedException {
        Set<String> names = new LinkedHashSet<>();
        int start = 0;
        while (true) {
            JsonNode page = page(query, start);
            JsonNode rows = page.path("rows");
            if (!page.path("total").isInt() || !rows.isArray()) {
                throw new UnusableAnswerException("no search result");
            }
            for (JsonNode row : rows) {
                // A row is null where a node has gone since it was indexed.
                JsonNode name = row.has("data") ? row.path("data").path("name") : row.path("name");
                if (name.isTextual()) {
                    names.add(name.textValue());
                }
            }
            start += rows.size();
            if (rows.isEmpty() || start >= page.get("total").intValue()) {
                return new ArrayList<>(names);
            }
        }
    }

    private JsonNode page(String query, int start) throws ServerFailure, InterruptedException {
        String path = "search/node?q="
                + URLEncoder.encode(query, StandardCharsets.UTF_8).replace("+", "%20") + "&start=" + start + "&rows="
                + ROWS;
        if (partial) {
            try {
                return client.searchPartially(path, NAMES_ONLY);
            } catch (RequestRefusedException e) {
                if (e.status() != 404 && e.status() != 405) {
                    throw e;
                }
                partial = false;
            }
        }
        try {
            return client.search(path);
        } catch (RequestRefusedException e) {
            throw e.status() == 404 ? e.withAdvice(NO_SEARCH) : e;
        }
    }
}
