package org.pushjobs.server.feeds;

import io.vertx.core.json.JsonObject;

/** What somebody who may see a job sees of the values in its environment, which may be secrets; the names are for all. */
public enum EnvValues {
    SHOWN,
    HIDDEN;

    /** Stands in a document for a value that is hidden. */
    public static final String PLACEHOLDER = "(hidden)";

    /** The member of a document, true where values in it are hidden. */
    public static final String HIDDEN_KEY = "env_hidden";

    /** The data of an event, as this reader gets it. */
    JsonObject in(JsonObject data) {
        return switch (this) {
            case SHOWN -> data;
            case HIDDEN -> data.getValue("env") instanceof JsonObject env ? hidden(data, env) : data;
        };
    }

    private static JsonObject hidden(JsonObject data, JsonObject env) {
        JsonObject names = new JsonObject();
        env.fieldNames().forEach(name -> names.put(name, PLACEHOLDER));
        return data.copy().put("env", names).put(HIDDEN_KEY, true);
    }
}
