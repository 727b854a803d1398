package org.pushjobs.config.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.config.files.OwnerOnlyFile;

/**
 * Puts the settings of the database together. The password of a database of somebody else's comes from exactly one of
 * three places: the URL, a file, or an environment variable.
 */
final class DatabaseSettings {
    static final String PASSWORD_VARIABLE = "PUSHJOBS_DATABASE_PASSWORD";

    private final Path file;
    private final SettingValues values;
    private final Map<String, String> environment;

    DatabaseSettings(Path file, SettingValues values, Map<String, String> environment) {
        this.file = file;
        this.values = values;
        this.environment = environment;
    }

    /** Empty when something is wrong, which is an error of the values then. */
    Optional<DatabaseConfig> read() {
        Optional<Integer> poolSize = values.value(Settings.DB_POOL_SIZE);
        return values.value(Settings.DATABASE).flatMap(address -> switch (address) {
            case DatabaseAddress.Embedded() -> embedded(poolSize);
            case DatabaseAddress.Url url -> external(url, poolSize);
        });
    }

    private Optional<DatabaseConfig> embedded(Optional<Integer> poolSize) {
        if (values.isGiven(Settings.DATABASE_PASSWORD_FILE)) {
            values.warn(Settings.DATABASE_PASSWORD_FILE, "has no effect with the embedded database; remove it");
        }
        if (!values.isGiven(Settings.DATA_DIRECTORY)) {
            values.error(
                    Settings.DATA_DIRECTORY,
                    "is missing; name the directory in which the embedded database keeps its data, or set database to"
                            + " the URL of a PostgreSQL server");
        }
        return values.value(Settings.DATA_DIRECTORY)
                .flatMap(directory ->
                        poolSize.map(size -> new DatabaseConfig.Embedded(ConfigFile.resolve(file, directory), size)));
    }

    private Optional<DatabaseConfig> external(DatabaseAddress.Url url, Optional<Integer> poolSize) {
        if (values.isGiven(Settings.DATA_DIRECTORY)) {
            values.warn(Settings.DATA_DIRECTORY, "has no effect, it is for the embedded database only; remove it");
        }
        return password(url)
                .flatMap(password -> poolSize.map(size -> config(url.hosts().stream()
                        .map(host -> new DatabaseConfig.External(
                                host.name(), host.port(), url.database(), url.user(), password, size))
                        .toList())));
    }

    private static DatabaseConfig config(List<DatabaseConfig.External> hosts) {
        return hosts.size() == 1 ? hosts.getFirst() : new DatabaseConfig.Replicated(hosts);
    }

    private Optional<String> password(DatabaseAddress.Url url) {
        Optional<String> variable = Optional.ofNullable(environment.get(PASSWORD_VARIABLE));
        List<String> places = new ArrayList<>();
        url.password().ifPresent(_ -> places.add("its URL"));
        if (values.isGiven(Settings.DATABASE_PASSWORD_FILE)) {
            places.add("database_password_file");
        }
        variable.ifPresent(_ -> places.add("the environment variable " + PASSWORD_VARIABLE));
        if (places.isEmpty()) {
            values.error(
                    Settings.DATABASE,
                    "has no password; put it into a file that database_password_file names, into the environment"
                            + " variable " + PASSWORD_VARIABLE + " or into the URL (USER:@HOST when none is needed)");
            return Optional.empty();
        }
        if (places.size() > 1) {
            values.error(
                    Settings.DATABASE,
                    "has its password in more than one place: " + String.join(" and ", places) + "; keep one");
            return Optional.empty();
        }
        if (values.isGiven(Settings.DATABASE_PASSWORD_FILE)) {
            return values.value(Settings.DATABASE_PASSWORD_FILE).flatMap(this::fromFile);
        }
        url.password()
                .filter(password -> !password.isEmpty())
                .flatMap(_ -> OwnerOnlyFile.problem(file))
                .ifPresent(problem -> values.warn(Settings.DATABASE, "has a password: " + problem));
        return variable.or(url::password);
    }

    private Optional<String> fromFile(Path written) {
        Path passwordFile = ConfigFile.resolve(file, written);
        Optional<String> problem = OwnerOnlyFile.problem(passwordFile);
        if (problem.isPresent()) {
            values.error(Settings.DATABASE_PASSWORD_FILE, "cannot be used: " + problem.get());
            return Optional.empty();
        }
        try {
            String password = Files.readString(passwordFile).strip();
            if (password.isEmpty()) {
                values.error(Settings.DATABASE_PASSWORD_FILE, "names an empty file; put the password into it");
                return Optional.empty();
            }
            return Optional.of(password);
        } catch (IOException e) {
            values.error(
                    Settings.DATABASE_PASSWORD_FILE,
                    "names a file that cannot be read (" + e.getClass().getSimpleName()
                            + "); check that it is UTF-8 text and that the server's user may read it");
            return Optional.empty();
        }
    }
}
