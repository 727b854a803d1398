package org.pushjobs.config.settings;

import static java.util.Map.entry;

import java.util.Map;

/**
 * Settings of the original server that have no effect here, with what takes their place. They are accepted with a warning:
 * none of them changes what happens to nodes or jobs, and a configuration that has served for years must not keep the
 * server from starting. The one exception, {@code vip}, is refused because it decided which host agents connect to.
 */
final class RetiredSettings {
    private static final String SUPERVISOR = "the service that starts the server decides it";
    private static final String LOG =
            "the server logs to standard output and the service that starts it keeps the files";
    private static final String METRICS = "metrics are offered for Prometheus to fetch";

    /** Key to the reason why it has no effect. */
    static final Map<String, String> IGNORED = Map.ofEntries(
            entry("enable", SUPERVISOR),
            entry("ha", SUPERVISOR),
            entry("dir", "nothing is kept there; the data of an embedded database is in data_directory"),
            entry("log_directory", LOG),
            entry("log_rotation", LOG),
            entry("listen", "the original ignored it too; api_listen_address has that meaning"),
            entry("ibrowse_max_sessions", "it tuned an HTTP library that is not used any more"),
            entry("ibrowse_max_pipeline_size", "it tuned an HTTP library that is not used any more"),
            entry("chef_api_version", "the version is fixed by the requests that the server makes"),
            entry("enable_graphite", METRICS),
            entry("graphite_host", METRICS),
            entry("graphite_port", METRICS),
            entry("keyring_dir", "all keys are in the file that secrets_file names"));

    /** Key to what to do instead. */
    static final Map<String, String> REFUSED =
            Map.of("vip", "set server_name_advertised to the host that agents shall connect to instead");

    private RetiredSettings() {}
}
