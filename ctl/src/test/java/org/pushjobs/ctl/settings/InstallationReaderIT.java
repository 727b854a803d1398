package org.pushjobs.ctl.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.settings.Installation.ChefServerMachine;
import org.pushjobs.ctl.settings.Installation.Database;
import org.pushjobs.ctl.settings.Installation.LogRotation;
import org.pushjobs.ctl.settings.Installation.Service;
import org.pushjobs.ctl.testing.FakeMachine;

/** What follows from the Chef server's and the operator's settings (packaging-ha.md, section 2.3). */
class InstallationReaderIT {
    @TempDir
    private Path root;

    private static Installation read(FakeMachine machine, String name) throws Exception {
        return new InstallationReader(machine.layout(), () -> name).read();
    }

    @Test
    void everyAttributeOfTheOriginalIsTakenAsNumberOrText() throws Exception {
        FakeMachine machine = FakeMachine.withChefServer(root, 5432);
        machine.settings(
                "opscode_pushy_server['enable'] = true",
                "opscode_pushy_server['ha'] = false",
                "opscode_pushy_server['dir'] = '/srv/pushy'",
                "opscode_pushy_server['log_directory'] = '/srv/log'",
                "opscode_pushy_server['log_rotation']['file_maxbytes'] = '1000000'",
                "opscode_pushy_server['log_rotation']['num_to_keep'] = 5",
                "opscode_pushy_server['listen'] = '127.0.0.1'",
                "opscode_pushy_server['vip'] = 'push.example.com'",
                "opscode_pushy_server['server_name_advertised'] = nil",
                "opscode_pushy_server['server_heartbeat_port'] = '11000'",
                "opscode_pushy_server['command_port'] = 11002",
                "opscode_pushy_server['api_port'] = '11003'",
                "opscode_pushy_server['zeromq_listen_address'] = 'tcp://*'",
                "opscode_pushy_server['zmq_io_processes'] = '2'",
                "opscode_pushy_server['heartbeat_interval'] = '1000'",
                "opscode_pushy_server['down_threshold'] = 0.5",
                "opscode_pushy_server['decay_window'] = '4'",
                "opscode_pushy_server['detect_offline_nodes_interval'] = 4",
                "opscode_pushy_server['validate_client_node_name'] = 'true'",
                "opscode_pushy_server['max_body_size'] = 65536",
                "opscode_pushy_server['db_pool_size'] = '20'",
                "opscode_pushy_server['ibrowse_max_sessions'] = 256",
                "opscode_pushy_server['ibrowse_max_pipeline_size'] = 1",
                "opscode_pushy_server['chef_api_version'] = '11.1.0'",
                "opscode_pushy_server['enable_graphite'] = false",
                "opscode_pushy_server['graphite_host'] = 'localhost'",
                "opscode_pushy_server['graphite_port'] = '2003'",
                "opscode_pushy_server['keyring_dir'] = '/etc/opscode-push-jobs-server'",
                "opscode_pushy_server['keep_alive_time'] = 20",
                "postgresql['database_name'] = 'opscode_pushy'",
                "postgresql['username'] = 'opscode-pgsql'",
                "postgresql['sql_user'] = 'opscode_pushy'",
                "postgresql['sql_password'] = 'snakepliskin'",
                "postgresql['sql_ro_user'] = 'opscode_pushy_ro'",
                "postgresql['sql_ro_password'] = 'shmunzeltazzen'",
                "postgresql['vip'] = '10.1.1.1'",
                "postgresql['port'] = 5433",
                "bootstrap['enable'] = false",
                "oc_chef_pedant['dir'] = '/var/opt/opscode/oc-chef-pedant'",
                "oc_chef_pedant['log_directory'] = '/var/log/opscode/oc-chef-pedant'",
                "oc_chef_pedant['log_http_requests'] = true");

        Installation installation = read(machine, FakeMachine.NAME);

        assertThat(installation.serverDirectory()).isEqualTo("/srv/pushy");
        assertThat(installation.logDirectory()).isEqualTo("/srv/log");
        assertThat(installation.logRotation()).isEqualTo(new LogRotation(1_000_000, 5));
        assertThat(installation.vip()).isEqualTo("push.example.com");
        assertThat(installation.apiPort()).isEqualTo(11_003);
        assertThat(installation.startsAtFirst()).isFalse();
        assertThat(installation.user()).isEqualTo(FakeMachine.USER);
        assertThat(installation.database())
                .isEqualTo(new Database.Postgres(
                        List.of(new PostgresHost("127.0.0.1", 5432)),
                        "postgres",
                        false,
                        "opscode_pushy",
                        "opscode_pushy",
                        "opscode_pushy_ro"));
        assertThat(installation.serverSettings())
                .hasEntrySatisfying(
                        "server_name_advertised",
                        value -> assertThat(value.asText()).isEqualTo("push.example.com"))
                .hasEntrySatisfying(
                        "command_port", value -> assertThat(value.asInt()).isEqualTo(11_002))
                .hasEntrySatisfying(
                        "heartbeat_interval",
                        value -> assertThat(value.asText()).isEqualTo("1000"))
                .hasEntrySatisfying(
                        "keep_alive_time", value -> assertThat(value.asInt()).isEqualTo(20))
                .hasEntrySatisfying(
                        "erchef_root_url", value -> assertThat(value.asText()).isEqualTo("https://chef.example.com"));
        assertThat(installation.warnings())
                .anyMatch(warning -> warning.contains("rb:7: opscode_pushy_server['listen'] has no effect and can be"))
                .anyMatch(warning -> warning.contains("postgresql['sql_password'] has no effect"))
                .anyMatch(warning -> warning.contains("postgresql['vip'] has no effect: the database is the Chef"))
                .noneMatch(warning -> warning.contains("snakepliskin"));
    }

    @Test
    void variablesThatAreUsedMayHaveAnyName() throws Exception {
        FakeMachine machine = FakeMachine.withChefServer(root, 5432);
        machine.settings(
                "vip = '192.0.2.7'",
                "dir = '/srv'",
                "opscode_pushy_server['vip'] = vip",
                "opscode_pushy_server['dir'] = \"#{dir}/pushy\"");

        Installation installation = read(machine, FakeMachine.NAME);

        assertThat(installation.vip()).isEqualTo("192.0.2.7");
        assertThat(installation.serverDirectory()).isEqualTo("/srv/pushy");
    }

    @Test
    void portThatIsAnotherOneAfterEachStartIsRefused() {
        FakeMachine machine = FakeMachine.withChefServer(root, 5432);
        machine.settings("opscode_pushy_server['api_port'] = 0");

        assertThatThrownBy(() -> read(machine, FakeMachine.NAME))
                .hasMessage(
                        machine.layout().settings() + ":1: opscode_pushy_server['api_port'] is 0, which takes a free"
                                + " port: nginx and agents need one that stays; set it to a number");
    }

    @Test
    void chefServerAloneIsEnough() throws Exception {
        Installation installation = read(FakeMachine.withChefServer(root, 5432), FakeMachine.NAME);

        assertThat(installation.vip()).isEqualTo(FakeMachine.NAME);
        assertThat(installation.apiPort()).isEqualTo(10_003);
        assertThat(installation.service()).isEqualTo(Service.ENABLED);
        assertThat(installation.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ha,   be1.example.com, BY_KEEPALIVED, true",
        "ha,   be2.example.com, BY_KEEPALIVED, false",
        "ha,   fe1.example.com, DISABLED,      false",
        "tier, be1.example.com, ENABLED,       true",
        "tier, fe1.example.com, DISABLED,      false",
    })
    void roleDecidesWhatRunsAndWhereSecretsAreMade(String topology, String name, Service service, boolean bootstrap)
            throws Exception {
        FakeMachine machine = FakeMachine.withChefServer(root, 5432);
        machine.isInHa(topology);

        Installation installation = read(machine, name);

        assertThat(installation.service()).isEqualTo(service);
        assertThat(((ChefServerMachine) installation.host()).isBootstrap()).isEqualTo(bootstrap);
        assertThat(installation.vip()).isEqualTo("192.0.2.10");
        assertThat(installation.serverSettings().get("server_name_advertised").asText())
                .isEqualTo("192.0.2.10");
    }

    @Test
    void frontendsMaySayWhoAsks() throws Exception {
        FakeMachine machine = FakeMachine.withChefServer(root, 5432);
        machine.isInHa("tier");
        machine.hasAddress("fe1.example.com", "192.0.2.21");

        assertThat(read(machine, "be1.example.com")
                        .serverSettings()
                        .get("trusted_proxies")
                        .asText())
                .isEqualTo("127.0.0.0/8, ::1, 192.0.2.21");
    }

    @Test
    void machineThatTheChefServerDoesNotKnowIsRefused() {
        FakeMachine machine = FakeMachine.withChefServer(root, 5432);
        machine.isInHa("tier");

        assertThatThrownBy(() -> read(machine, "other.example.com"))
                .isInstanceOf(CtlException.class)
                .hasMessageContaining("no entry for this machine, other.example.com")
                .hasMessageContaining("be1.example.com, be2.example.com, fe1.example.com");
    }

    @Test
    void machineWithoutARoleIsRefused() {
        FakeMachine machine = FakeMachine.withChefServer(root, 5432);
        machine.isInHa("ha");
        ObjectNode document = machine.running();
        ((ObjectNode) document.at("/private_chef/servers/be2.example.com")).put("role", "database");
        machine.running(document);

        assertThatThrownBy(() -> read(machine, "be2.example.com"))
                .hasMessageContaining("I don't have a role for you!  Use 'backend' or 'frontend'.");
    }

    @Test
    void everythingThatTheChefServerDoesNotSayIsNamed() {
        FakeMachine machine = FakeMachine.withChefServer(root, 5432);
        ObjectNode document = machine.running();
        ObjectNode chef = (ObjectNode) document.get("private_chef");
        chef.remove("user");
        ((ObjectNode) chef.get("postgresql")).remove("vip");
        machine.running(document);

        assertThatThrownBy(() -> read(machine, FakeMachine.NAME))
                .hasMessageContaining("private_chef.user.username is missing; run chef-server-ctl reconfigure")
                .hasMessageContaining("private_chef.postgresql.vip is missing");
    }

    @Test
    void addressOfVersion6GetsItsBracketsWhereAPortFollows() throws Exception {
        FakeMachine machine = FakeMachine.withChefServer(root, 5432);
        machine.isInHa("ha");
        ObjectNode document = machine.running();
        ((ObjectNode) document.at("/private_chef/backend_vips")).put("ipaddress", "2001:db8::10/64");
        machine.running(document);

        Installation installation = read(machine, "be1.example.com");

        assertThat(installation.vip()).isEqualTo("2001:db8::10");
        assertThat(installation.serverSettings().get("server_name_advertised").asText())
                .isEqualTo("[2001:db8::10]");
        assertThat(installation.serverSettings().get("api_listen_address").asText())
                .isEqualTo("::");
    }

    @Test
    void withoutAChefServerTheDatabaseIsTheServersOwnUnlessOneIsNamed() throws Exception {
        FakeMachine machine = FakeMachine.empty(root);
        assertThat(read(machine, "push.example.com").database()).isEqualTo(new Database.Embedded());

        machine.settings("postgresql['vip'] = 'db.example.com'", "postgresql['port'] = '5433'");

        Installation installation = read(machine, "push.example.com");
        assertThat(installation.database())
                .isEqualTo(new Database.Postgres(
                        List.of(new PostgresHost("db.example.com", 5433)),
                        "postgres",
                        true,
                        "opscode_pushy",
                        "opscode_pushy",
                        "opscode_pushy_ro"));
        assertThat(installation.vip()).isEqualTo("push.example.com");
    }

    @Test
    void databaseMayHaveSeveralHosts() throws Exception {
        FakeMachine machine = FakeMachine.empty(root);
        machine.settings("postgresql['hosts'] = 'db-1, [2001:db8::2]:5434'", "postgresql['port'] = 5433");

        assertThat(((Database.Postgres) read(machine, "push.example.com").database()).hosts())
                .containsExactly(new PostgresHost("db-1", 5433), new PostgresHost("2001:db8::2", 5434));

        machine.settings("postgresql['hosts'] = ['db-1']", "postgresql['vip'] = 'db-2'");
        assertThatThrownBy(() -> read(machine, "push.example.com"))
                .hasMessage(
                        machine.layout().settings() + ":1: postgresql['hosts'] and postgresql['vip'] (line 2) both say"
                                + " where the database is; keep one of them");
    }

    @Test
    void hostOfTheDatabaseIsNamedOnceWithThePortThatItGets() throws Exception {
        FakeMachine machine = FakeMachine.empty(root);
        machine.settings("postgresql['hosts'] = ['db-1', 'DB-1:5433']", "postgresql['port'] = 5433");
        assertThatThrownBy(() -> read(machine, "push.example.com"))
                .hasMessage(
                        machine.layout().settings() + ":1: postgresql['hosts'] names a host and port more than once:"
                                + " db-1:5433, DB-1:5433; keep one of each");

        machine.settings("postgresql['hosts'] = ['db-1', 'db-1:5432']", "postgresql['port'] = 5433");
        assertThat(((Database.Postgres) read(machine, "push.example.com").database()).hosts())
                .containsExactly(new PostgresHost("db-1", 5433), new PostgresHost("db-1", 5432));
    }

    @Test
    void chefServersDatabaseIsWhereTheChefServerHasIt() throws Exception {
        FakeMachine machine = FakeMachine.withChefServer(root, 5432);
        machine.settings("postgresql['hosts'] = ['db-1', 'db-2']");

        Installation installation = read(machine, FakeMachine.NAME);

        assertThat(((Database.Postgres) installation.database()).hosts())
                .containsExactly(new PostgresHost("127.0.0.1", 5432));
        assertThat(installation.warnings())
                .anyMatch(warning -> warning.contains("postgresql['hosts'] has no effect: the database is the Chef"));
    }

    @Test
    void backendsOfTheChefServersOwnFailoverAreMembersAndFrontendsAreNot() throws Exception {
        FakeMachine machine = FakeMachine.withChefServer(root, 5432);
        machine.isInHa("ha");
        machine.hasAddress("be1.example.com", "192.0.2.11");
        machine.hasAddress("be2.example.com", "192.0.2.12");
        ObjectNode document = machine.running();
        ((ObjectNode) document.at("/private_chef/servers/be1.example.com")).put("cluster_ipaddress", "10.9.9.11");
        machine.running(document);

        assertThat(read(machine, "be2.example.com").serverSettings())
                .hasEntrySatisfying(
                        "cluster_members",
                        members ->
                                assertThat(members.toString()).isEqualTo("[\"10.9.9.11:10005\",\"192.0.2.12:10005\"]"))
                .hasEntrySatisfying(
                        "cluster_address",
                        address -> assertThat(address.asText()).isEqualTo("192.0.2.12"));
        assertThat(read(machine, "fe1.example.com").serverSettings()).doesNotContainKey("cluster_members");
    }

    @Test
    void memberIsInTheListAndSharesItsDatabase() throws Exception {
        FakeMachine machine = FakeMachine.empty(root);
        String members = "opscode_pushy_server['cluster_members'] = ['push-1.example.com:10005', '192.0.2.12:10005']";
        String place = machine.layout().settings() + ":1: opscode_pushy_server['cluster_members'] ";
        machine.settings(members);
        assertThatThrownBy(() -> read(machine, "push-3.example.com"))
                .hasMessage(place
                        + "has neither push-3.example.com, the full name of this machine, nor one of its addresses;"
                        + " put one of them into the list of all members, or set"
                        + " opscode_pushy_server['cluster_address']\n" + place
                        + "needs a database that all members use, and this server has one of its own; set"
                        + " postgresql['vip'] or postgresql['hosts']");

        machine.settings(members, "postgresql['vip'] = 'db.example.com'");
        assertThat(read(machine, "push-1.example.com").isMember()).isTrue();
        machine.settings(
                members,
                "postgresql['vip'] = 'db.example.com'",
                "opscode_pushy_server['cluster_address'] = '192.0.2.13'");
        assertThat(read(machine, "push-3.example.com").isMember()).isTrue();
        machine.settings("opscode_pushy_server['cluster_members'] = []");
        assertThat(read(machine, "push-3.example.com").isMember()).isFalse();
    }

    @Test
    void frontendThatIsToHaveAServerIsNotStartedByTheBackendsKeepalived() throws Exception {
        FakeMachine machine = FakeMachine.withChefServer(root, 5432);
        machine.isInHa("ha");
        machine.settings("opscode_pushy_server['enable'] = true");

        assertThat(read(machine, "fe1.example.com").service()).isEqualTo(Service.ENABLED);
        assertThat(read(machine, "be2.example.com").service()).isEqualTo(Service.BY_KEEPALIVED);
    }
}
