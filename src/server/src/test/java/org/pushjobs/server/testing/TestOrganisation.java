package org.pushjobs.server.testing;

import java.net.URI;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.keys.PemKeys;

/** An organisation with an administrator and some nodes in a migrated database; all of them have the same key pair. */
public final class TestOrganisation {
    public static final String NAME = "acme";
    public static final String GUID = "00112233445566778899aabbccddeeff";
    public static final String ADMIN = "alice";

    private static final KeyPair KEYS = PemKeys.generate();

    private final List<String> nodes;

    private TestOrganisation(List<String> nodes) {
        this.nodes = nodes;
    }

    /** Puts it into a database that a server has migrated. Nodes are called node-1 and so on. */
    public static TestOrganisation create(DatabaseConfig.External database, int nodes) throws SQLException {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= nodes; i++) {
            names.add("node-" + i);
        }
        String url = "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.database();
        try (Connection connection = DriverManager.getConnection(url, database.user(), database.password())) {
            String key = PemKeys.toPem((RSAPublicKey) KEYS.getPublic());
            insert(connection, "insert into directory_organisations (guid, name) values (?, ?)", GUID, NAME);
            insert(connection, "insert into directory_users (name) values (?)", ADMIN);
            insert(connection, "insert into directory_user_keys values (?, 'default', ?)", ADMIN, key);
            insert(connection, "insert into directory_org_members values (?, ?)", GUID, ADMIN);
            insert(connection, "insert into directory_groups values (?, 'admins')", GUID);
            insert(connection, "insert into directory_group_users values (?, 'admins', ?)", GUID, ADMIN);
            for (String name : names) {
                insert(connection, "insert into directory_clients (org_guid, name) values (?, ?)", GUID, name);
                insert(connection, "insert into directory_client_keys values (?, ?, 'default', ?)", GUID, name, key);
            }
        }
        return new TestOrganisation(names);
    }

    private static void insert(Connection connection, String sql, String... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    public List<String> nodes() {
        return nodes;
    }

    public RSAPrivateKey key() {
        return (RSAPrivateKey) KEYS.getPrivate();
    }

    public URI uri(int apiPort) {
        return URI.create("http://127.0.0.1:" + apiPort + "/organizations/" + NAME);
    }

    /** Requests signed by the administrator. */
    public ApiClient admin(int apiPort) {
        return new ApiClient(uri(apiPort), ADMIN, key());
    }

    /** Requests signed by a node. */
    public ApiClient client(int apiPort, String node) {
        return new ApiClient(uri(apiPort), node, key());
    }
}
