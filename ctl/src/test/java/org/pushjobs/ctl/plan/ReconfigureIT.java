package org.pushjobs.ctl.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.secrets.SecretsFile;
import org.pushjobs.ctl.files.Access;
import org.pushjobs.ctl.testing.FakeMachine;
import org.pushjobs.ctl.testing.FakeMachine.Ran;
import org.pushjobs.ctl.testing.Postgres;

/** Reconfigure on a machine made of files, with a real database. */
@ExtendWith(Postgres.Extension.class)
class ReconfigureIT {
    private static final String DIRECTORY = "/var/opt/opscode-push-jobs-server/opscode-pushy-server";
    private static final String SV = "/opt/opscode/sv/opscode-pushy-server";
    private static final String CLUSTER_SCRIPT = "/var/opt/opscode/keepalived/bin/cluster.sh";

    @TempDir
    private Path root;

    private static JsonNode json(FakeMachine machine, String path) throws Exception {
        return new ObjectMapper().readTree(machine.read(path));
    }

    private static Set<String> changed(Map<String, String> before, Map<String, String> after) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        names.removeIf(name -> Objects.equals(before.get(name), after.get(name)));
        return names;
    }

    @Test
    void machineOfAChefServerGetsEverythingThatTheServerAndTheChefServerLookFor(Postgres postgres) throws Exception {
        FakeMachine machine = FakeMachine.withSecrets(root, postgres.port());

        Ran ran = machine.run("reconfigure");

        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).isZero();
        assertThat(ran.out()).endsWith("opscode-push-jobs-server Reconfigured!\n");
        JsonNode server = json(machine, DIRECTORY + "/server.json");
        assertThat(server.path("server_name_advertised").asText()).isEqualTo(FakeMachine.NAME);
        assertThat(server.path("erchef_root_url").asText()).isEqualTo("https://chef.example.com");
        assertThat(server.path("database").asText())
                .isEqualTo("postgresql://opscode_pushy@127.0.0.1:" + postgres.port() + "/opscode_pushy");
        assertThat(server.path("secrets_file").asText()).isEqualTo(DIRECTORY + "/secrets.json");
        assertThat(Access.of(machine.at(DIRECTORY))).hasToString("nobody:root 0700");
        for (String name : new String[] {"secrets.json", "database-password", "superuser.pem"}) {
            assertThat(Access.of(machine.at(DIRECTORY + "/" + name))).hasToString("nobody:root 0600");
        }
        assertThat(SecretsFile.load(machine.at(DIRECTORY + "/secrets.json")).fingerprint())
                .isNotEmpty();
        assertThat(machine.read(SV + "/run"))
                .contains("chpst -P -u nobody -U nobody env HOME=" + DIRECTORY)
                .contains("/opt/opscode-push-jobs-server/bin/pushjobs-server --config " + DIRECTORY + "/server.json")
                .doesNotContain("password");
        assertThat(Access.of(machine.at(SV + "/run"))).hasToString("root:root 0755");
        assertThat(machine.read(SV + "/log/run")).contains("svlogd -tt /var/log/opscode/opscode-pushy-server");
        assertThat(machine.read("/var/log/opscode/opscode-pushy-server/config")).isEqualTo("s104857600\nn10\n");
        assertThat(Files.readSymbolicLink(machine.at("/opt/opscode/service/opscode-pushy-server")))
                .isEqualTo(machine.at(SV));
        assertThat(Files.readSymbolicLink(machine.at("/opt/opscode/init/opscode-pushy-server")))
                .isEqualTo(machine.at("/opt/opscode/embedded/bin/sv"));
        assertThat(machine.at(SV + "/keepalive_me")).doesNotExist();
        assertThat(machine.at(SV + "/down")).doesNotExist();
        assertThat(machine.read("/var/opt/opscode/nginx/etc/addon.d/10-push_jobs_upstreams.conf"))
                .contains("server chef.example.com:10003;");
        assertThat(machine.read("/var/opt/opscode/nginx/etc/addon.d/10-push_jobs_external.conf"))
                .contains("location ~ \"^/organizations/[a-z0-9\\-_]+?/pushy/{0,1}\"");
        assertThat(machine.read("/var/opt/opscode-push-jobs-server/bootstrapped"))
                .isEqualTo("All your bootstraps are belong to Pushy");
        JsonNode running = json(machine, "/etc/opscode-push-jobs-server/opscode-push-jobs-server-running.json");
        assertThat(running.at("/pushy/postgresql/sql_user").asText()).isEqualTo("opscode_pushy");
        assertThat(running.at("/pushy/opscode-pushy-server/heartbeat_interval").asText())
                .isEqualTo("10000");
        assertThat(Access.of(machine.layout().running())).hasToString("nobody:root 0600");
        assertThat(json(machine, "/etc/opscode/private-chef-secrets.json")
                        .at("/veil/credentials/redis_lb/password/value")
                        .asText())
                .isEqualTo("not ours");
        assertThat(machine.at("/var/opt/opscode-push-jobs-server/pending")).isEmptyDirectory();
    }

    @Test
    void rolesMayDoWhatTheServerAndReadersNeedAndNoMore(Postgres postgres) throws Exception {
        FakeMachine.withSecrets(root, postgres.port()).run("reconfigure");

        assertThat(postgres.query(
                        "postgres",
                        "select pg_get_userbyid(datdba) || ' ' || pg_encoding_to_char(encoding) from pg_database where"
                                + " datname = 'opscode_pushy'"))
                .containsExactly("opscode_pushy UTF8");
        postgres.executeAs("opscode_pushy", "opscode_pushy", "delete from job_events");
        postgres.executeAs("opscode_pushy", "opscode_pushy", "create temporary table probe (filler text)");
        postgres.executeAs("opscode_pushy_ro", "opscode_pushy", "select count(*) from jobs");
        assertThatThrownBy(() -> postgres.executeAs("opscode_pushy_ro", "opscode_pushy", "delete from jobs"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("permission denied");
        // what a later version makes
        postgres.execute("opscode_pushy", "create table of_tomorrow (id int)");
        postgres.executeAs("opscode_pushy", "opscode_pushy", "insert into of_tomorrow values (1)");
        postgres.executeAs("opscode_pushy_ro", "opscode_pushy", "select * from of_tomorrow");
    }

    @Test
    void secondOneChangesNothingAndSaysSo(Postgres postgres) throws Exception {
        FakeMachine machine = FakeMachine.withSecrets(root, postgres.port());
        machine.run("reconfigure");
        Map<String, String> before = machine.contents();

        Ran ran = machine.run("reconfigure");

        assertThat(ran.out()).isEqualTo("""
            warning: %s: opscode_pushy_server['read_access'] is not set and so organization, as in the original server: \
            in an organization without the group pushy_job_readers the key of each node can read all jobs, their \
            environment and the output of all nodes, and each user who may read can act as any node; set it to \
            restricted, or to organization to keep this without a warning
            warning: %s: opscode_pushy_server['env_access'] is not set and so readers, as in the original server: who \
            may see a job sees the values in its environment; set it to writers, or to readers to keep this without a \
            warning
            Nothing had to be changed.
            opscode-push-jobs-server Reconfigured!
            """.formatted(
                        machine.layout().settings(), machine.layout().settings()));
        assertThat(machine.contents()).isEqualTo(before);
    }

    @Test
    void changedSettingChangesItsFilesAndShowsTheLines(Postgres postgres) throws Exception {
        FakeMachine machine = FakeMachine.withSecrets(root, postgres.port());
        machine.run("reconfigure");
        Map<String, String> before = machine.contents();
        machine.settings("opscode_pushy_server['heartbeat_interval'] = 1000");

        Ran ran = machine.run("reconfigure");

        assertThat(ran.out())
                .contains("server.json: change\n")
                .contains("    +  \"heartbeat_interval\" : 1000,\n")
                .contains("2 steps changed something.");
        assertThat(changed(before, machine.contents()))
                .containsExactly(
                        "/etc/opscode-push-jobs-server/opscode-push-jobs-server-running.json",
                        "/etc/opscode-push-jobs-server/opscode-push-jobs-server.rb",
                        DIRECTORY + "/server.json");
    }

    @Test
    void brokenSettingChangesNothing(Postgres postgres) throws Exception {
        FakeMachine machine = FakeMachine.withSecrets(root, postgres.port());
        machine.settings("opscode_pushy_server['command_port'] = 10003");
        Map<String, String> before = machine.contents();

        Ran ran = machine.run("reconfigure");

        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err())
                .isEqualTo(machine.layout().settings()
                        + ":1: opscode_pushy_server['command_port'] is 10003, as is api_port; give each its"
                        + " own port\n");
        Map<String, String> after = machine.contents();
        after.keySet().removeIf(name -> name.startsWith("/run"));
        assertThat(after).isEqualTo(before);
        assertThat(postgres.query("postgres", "select rolname from pg_roles where rolname like 'opscode%'"))
                .isEmpty();
    }

    @Test
    void dryRunSaysWhatWouldChangeAndChangesNothing(Postgres postgres) throws Exception {
        FakeMachine machine = FakeMachine.withSecrets(root, postgres.port());
        Map<String, String> before = machine.contents();

        Ran ran = machine.run("reconfigure", "--dry-run");

        assertThat(ran.status()).isZero();
        assertThat(ran.out())
                .contains("database role opscode_pushy: create")
                .contains("database opscode_pushy: make the tables")
                .contains(SV + ": create the directory")
                .contains("secret push-jobs-server.pushy_priv_key (new)")
                .doesNotContain("BEGIN");
        Map<String, String> after = machine.contents();
        after.remove("/run"); // where there was a copy for the server's own rules to look at
        assertThat(after).isEqualTo(before);
        assertThat(postgres.query("postgres", "select rolname from pg_roles where rolname like 'opscode%'"))
                .isEmpty();

        machine.run("reconfigure");
        assertThat(machine.run("reconfigure", "--dry-run").out()).endsWith("Nothing would change.\n");
    }

    @Test
    void whatSomebodyChangedIsPutRight(Postgres postgres) throws Exception {
        FakeMachine machine = FakeMachine.withSecrets(root, postgres.port());
        machine.run("reconfigure");
        Map<String, String> before = machine.contents();
        Files.delete(machine.at(SV + "/run"));
        Files.delete(machine.at("/opt/opscode/init/opscode-pushy-server"));
        Files.createSymbolicLink(machine.at("/opt/opscode/init/opscode-pushy-server"), Path.of("/bin/true"));
        Files.writeString(machine.at(DIRECTORY + "/server.json"), "{}");
        Files.setPosixFilePermissions(
                machine.at(DIRECTORY + "/secrets.json"), PosixFilePermissions.fromString("rw-r--r--"));
        postgres.execute("postgres", "alter role opscode_pushy password 'other' createdb");
        postgres.execute("opscode_pushy", "revoke insert on jobs from opscode_pushy");

        Ran ran = machine.run("reconfigure");

        assertThat(ran.status()).isZero();
        assertThat(ran.out())
                .contains("nobody:root 0644 becomes nobody:root 0600")
                .contains("database role opscode_pushy: log in, without a superuser's rights")
                .contains("database role opscode_pushy: may insert");
        assertThat(machine.contents()).isEqualTo(before);
        assertThat(machine.run("reconfigure").out()).contains("Nothing had to be changed.");
    }

    @Test
    void wrongPasswordInTheDatabaseIsPutRight(Postgres postgres) throws Exception {
        FakeMachine machine = FakeMachine.withSecrets(root, postgres.port());
        machine.run("reconfigure");
        postgres.execute("postgres", "alter role opscode_pushy_ro password 'other'");

        assertThat(machine.run("reconfigure").out())
                .contains("database role opscode_pushy_ro: change the password (secret, not shown)")
                .contains("1 step changed something.");
    }

    @Test
    void jobsOfTheOriginalServerStayAndItsRolesAreTakenOver(Postgres postgres) throws Exception {
        FakeMachine machine = FakeMachine.withSecrets(root, postgres.port());
        machine.write(machine.at(DIRECTORY + "/sys.config"), "[]");
        machine.write(machine.at(DIRECTORY + "/vm.args"), "+K true");
        postgres.execute(
                "postgres",
                "create role opscode_pushy login password 'snakepliskin'",
                "create database opscode_pushy owner opscode_pushy template template0 encoding 'UTF8'");
        postgres.execute(
                "opscode_pushy",
                "create table job_status (id int primary key, description text)",
                "insert into job_status values (2, 'complete')",
                """
                create table jobs (id char(32) primary key, org_id char(32) not null, command text not null,
                 status int not null references job_status (id), run_timeout int, last_updated_by char(32) not null,
                 created_at timestamp not null, updated_at timestamp not null, quorum int)\
                """,
                """
                create table job_nodes (job_id char(32) references jobs (id) on update cascade on delete cascade,
                 org_id char(32) not null, node_name text not null, unique (job_id, org_id, node_name),
                 status int not null, created_at timestamp not null, updated_at timestamp not null)\
                """,
                """
                create table job_options (job_id char(32) primary key references jobs (id) on update cascade on delete
                 cascade, job_user char(32), dir text, env text, capture boolean, job_file text)\
                """,
                """
                create table job_output (job_id char(32) references jobs (id) on update cascade on delete cascade,
                 node_name text, unique (job_id, node_name), stdout text not null, stderr text not null)\
                """,
                "insert into jobs values (repeat('1', 32), repeat('a', 32), 'chef-client', 2, 60, 'pivotal', now(),"
                        + " now())");

        Ran ran = machine.run("reconfigure");

        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).isZero();
        assertThat(postgres.query("opscode_pushy", "select command from jobs")).containsExactly("chef-client");
        assertThat(machine.at(DIRECTORY).toFile().list())
                .containsExactlyInAnyOrder("server.json", "secrets.json", "database-password", "superuser.pem");
        postgres.executeAs("opscode_pushy", "opscode_pushy", "select * from job_events");
        assertThat(machine.run("reconfigure").out()).contains("Nothing had to be changed.");
    }

    @Test
    void databaseServerOfSomebodyElseNeedsNoSuperuser(Postgres postgres) throws Exception {
        FakeMachine machine = FakeMachine.withSecrets(root, postgres.port());
        postgres.execute("postgres", "create role db_admin login createdb createrole password 's'");
        ObjectNode document = machine.running();
        ((ObjectNode) document.at("/private_chef/postgresql"))
                .put("db_superuser", "db_admin")
                .put("external", true);
        machine.running(document);
        try {
            Ran ran = machine.run("reconfigure");

            assertThat(ran.err()).isEmpty();
            assertThat(ran.status()).isZero();
            postgres.executeAs("opscode_pushy", "opscode_pushy", "delete from job_events");
            assertThat(machine.run("reconfigure").out()).contains("Nothing had to be changed.");
            postgres.execute("postgres", "revoke opscode_pushy from db_admin granted by db_admin");
            assertThat(machine.run("reconfigure").status()).isZero();
        } finally {
            postgres.clear();
            postgres.execute("postgres", "drop role db_admin");
        }
    }

    @Test
    void chefServersFileOfSecretsKeepsOwnerAndRights(Postgres postgres) throws Exception {
        FakeMachine machine = FakeMachine.withSecrets(root, postgres.port());
        Access access = new Access("nobody", "root", "rw-r-----");
        access.giveTo(machine.layout().chefServerSecrets());

        machine.run("reconfigure");

        assertThat(Access.of(machine.layout().chefServerSecrets())).isEqualTo(access);
        assertThat(machine.read("/etc/opscode/private-chef-secrets.json")).contains("master_secret");
    }

    @Test
    void serviceThatAFailoverLooksForIsNotTakenAway(Postgres postgres) throws Exception {
        FakeMachine machine = FakeMachine.withSecrets(root, postgres.port());
        machine.isInHa("ha");
        machine.runOn("be1.example.com", "reconfigure");
        machine.write(machine.at(CLUSTER_SCRIPT), "services='nginx opscode-pushy-server'\n");
        Map<String, String> before = machine.contents();

        for (String[] command : new String[][] {{"uninstall"}, {"cleanse", "yes"}}) {
            Ran ran = machine.runOn("be1.example.com", command);

            assertThat(ran.status()).isEqualTo(1);
            assertThat(ran.err())
                    .contains(
                            "cluster.sh names opscode-pushy-server: the failover of the whole Chef server would fail");
            assertThat(machine.contents()).isEqualTo(before);
        }
    }

    @Test
    void databaseThatDoesNotAnswerIsNamed(Postgres postgres) throws Exception {
        FakeMachine machine = FakeMachine.withSecrets(root, postgres.port());
        ObjectNode document = machine.running();
        ((ObjectNode) document.at("/private_chef/postgresql")).put("port", 1);
        machine.running(document);

        Ran ran = machine.run("reconfigure");

        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err()).contains("the database at 127.0.0.1:1 (template1, as postgres) says: ");
    }

    @Test
    void serviceInHaBelongsToKeepalived(Postgres postgres) throws Exception {
        FakeMachine machine = FakeMachine.withSecrets(root, postgres.port());
        machine.isInHa("ha");
        machine.hasAddress("be1.example.com", "192.0.2.11");
        machine.hasAddress("be2.example.com", "192.0.2.12");

        Ran ran = machine.runOn("be1.example.com", "reconfigure");

        assertThat(ran.status()).isZero();
        assertThat(ran.out())
                .contains("cluster.sh does not name opscode-pushy-server, so a failover does not start it: run"
                        + " chef-server-ctl reconfigure on each backend after this command");
        assertThat(machine.at(SV + "/keepalive_me")).exists();
        assertThat(machine.at(SV + "/down")).exists();
        assertThat(machine.read("/var/opt/opscode/nginx/etc/addon.d/10-push_jobs_upstreams.conf"))
                .contains("server 192.0.2.10:10003;");
        JsonNode server = json(machine, DIRECTORY + "/server.json");
        assertThat(server.path("cluster_members").toString()).isEqualTo("[\"192.0.2.11:10005\",\"192.0.2.12:10005\"]");
        assertThat(server.path("cluster_address").asText()).isEqualTo("192.0.2.11");
        assertThat(machine.runOn("be1.example.com", "show-config").out())
                .contains("\"cluster_address\" : \"192.0.2.11\"")
                .contains("\"cluster_bus_port\" : \"10006\"");

        machine.write(machine.at(CLUSTER_SCRIPT), "services='nginx opscode-pushy-server'\n");
        assertThat(machine.runOn("be1.example.com", "reconfigure").out())
                .doesNotContain("cluster.sh")
                .contains("Nothing had to be changed.");
    }

    @Test
    void secondBackendHasTheSameMarksOnceItHasTheSecretsOfTheFirst(Postgres postgres) throws Exception {
        FakeMachine machine = FakeMachine.withSecrets(root, postgres.port());
        machine.isInHa("ha");
        machine.hasAddress("be1.example.com", "192.0.2.11");
        machine.hasAddress("be2.example.com", "192.0.2.12");

        Ran tooEarly = machine.runOn("be2.example.com", "reconfigure");
        assertThat(tooEarly.status()).isEqualTo(1);
        assertThat(tooEarly.err()).contains("be1.example.com");
        assertThat(machine.at(SV)).doesNotExist();

        machine.runOn("be1.example.com", "reconfigure");
        Files.delete(machine.at(SV + "/keepalive_me"));
        Files.delete(machine.at(SV + "/down"));
        assertThat(machine.runOn("be2.example.com", "reconfigure").status()).isZero();
        assertThat(machine.at(SV + "/keepalive_me")).exists();
        assertThat(machine.at(SV + "/down")).exists();
        assertThat(json(machine, DIRECTORY + "/server.json")
                        .path("cluster_address")
                        .asText())
                .isEqualTo("192.0.2.12");
    }

    @Test
    void serviceOfAChefServerThatLeavesHaIsItsSupervisorsAgain(Postgres postgres) throws Exception {
        FakeMachine machine = FakeMachine.withSecrets(root, postgres.port());
        machine.isInHa("ha");
        machine.runOn("be1.example.com", "reconfigure");
        machine.isInHa("tier");

        assertThat(machine.runOn("be1.example.com", "reconfigure").status()).isZero();

        assertThat(machine.at(SV + "/keepalive_me")).doesNotExist();
        assertThat(machine.at(SV + "/down")).doesNotExist();
        assertThat(machine.at(SV + "/run")).exists();
        assertThat(json(machine, DIRECTORY + "/server.json").has("cluster_members"))
                .isFalse();
    }

    @Test
    void serviceThatIsSwitchedOffStaysUntilTheFailoverDoesNotNameIt(Postgres postgres) throws Exception {
        FakeMachine machine = FakeMachine.withSecrets(root, postgres.port());
        machine.isInHa("ha");
        machine.runOn("be1.example.com", "reconfigure");
        machine.write(machine.at(CLUSTER_SCRIPT), "services='nginx opscode-pushy-server'\n");
        machine.settings("opscode_pushy_server['enable'] = false");

        assertThat(machine.runOn("be1.example.com", "reconfigure").out())
                .contains(
                        "cluster.sh names opscode-pushy-server, and the failover of the whole Chef server would fail");
        assertThat(machine.at(SV + "/keepalive_me")).doesNotExist();
        assertThat(machine.at(SV + "/down")).exists();
        assertThat(machine.at(SV + "/run")).exists();
        assertThat(machine.at(DIRECTORY + "/secrets.json")).exists();
        assertThat(machine.at("/opt/opscode/service/opscode-pushy-server/run")).exists();

        machine.write(machine.at(CLUSTER_SCRIPT), "services='nginx'\n");
        assertThat(machine.runOn("be1.example.com", "reconfigure").out()).doesNotContain("cluster.sh");
        assertThat(machine.at(SV)).doesNotExist();
        assertThat(machine.at(DIRECTORY + "/secrets.json")).doesNotExist();
    }

    @Test
    void frontendGetsNginxFilesOnlyAndGivesUpTheRest(Postgres postgres) throws Exception {
        FakeMachine machine = FakeMachine.withSecrets(root, postgres.port());
        machine.run("reconfigure");
        machine.isInHa("tier");

        Ran ran = machine.runOn("fe1.example.com", "reconfigure");

        assertThat(ran.status()).isZero();
        assertThat(Files.exists(machine.at("/opt/opscode/service/opscode-pushy-server"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
        assertThat(machine.at(SV)).doesNotExist();
        assertThat(machine.at(DIRECTORY + "/secrets.json")).doesNotExist();
        assertThat(machine.read("/var/opt/opscode/nginx/etc/addon.d/10-push_jobs_upstreams.conf"))
                .contains("server 192.0.2.10:10003;");
        assertThat(machine.runOn("fe1.example.com", "reconfigure").out()).contains("Nothing had to be changed.");
    }

    @Test
    void frontendThatIsToHaveAServerHasTheApiBesideItsNginx(Postgres postgres) throws Exception {
        FakeMachine machine = FakeMachine.withSecrets(root, postgres.port());
        machine.isInHa("ha");
        machine.hasAddress("be1.example.com", "192.0.2.11");
        machine.hasAddress("be2.example.com", "192.0.2.12");
        machine.hasAddress("fe1.example.com", "192.0.2.21");
        machine.settings("opscode_pushy_server['enable'] = true");
        machine.runOn("be1.example.com", "reconfigure");

        assertThat(machine.runOn("fe1.example.com", "reconfigure").status()).isZero();

        JsonNode server = json(machine, DIRECTORY + "/server.json");
        assertThat(server.path("roles").asText()).isEqualTo("api");
        assertThat(server.path("cluster_address").asText()).isEqualTo("192.0.2.21");
        assertThat(server.path("server_name_advertised").asText()).isEqualTo("192.0.2.10");
        assertThat(machine.at(SV + "/keepalive_me")).doesNotExist();
        assertThat(machine.at(SV + "/down")).doesNotExist();
        assertThat(machine.read("/var/opt/opscode/nginx/etc/addon.d/10-push_jobs_upstreams.conf"))
                .isEqualTo("""
                        upstream opscode_pushy {
                          server 127.0.0.1:10003;
                          server 192.0.2.10:10003 backup;
                        }
                        """);

        machine.settings("opscode_pushy_server['enable'] = true", "opscode_pushy_server['roles'] = ['coordinator']");
        assertThat(machine.runOn("fe1.example.com", "reconfigure").status()).isZero();
        assertThat(machine.read("/var/opt/opscode/nginx/etc/addon.d/10-push_jobs_upstreams.conf"))
                .as("one without the role api has none that nginx could ask")
                .isEqualTo("upstream opscode_pushy {\n  server 192.0.2.10:10003;\n}\n");
    }

    @Test
    void machineWithoutAChefServerHasATreeOfItsOwn(Postgres postgres) throws Exception {
        FakeMachine machine = FakeMachine.empty(root);
        machine.settings("opscode_pushy_server['user'] = 'nobody'");

        Ran ran = machine.runOn("push.example.com", "reconfigure");

        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).isZero();
        JsonNode server = json(machine, DIRECTORY + "/server.json");
        assertThat(server.path("database").asText()).isEqualTo("embedded");
        assertThat(server.path("directory").asText()).isEqualTo("standalone");
        assertThat(Access.of(machine.layout().ownSecrets())).hasToString("root:root 0600");
        assertThat(machine.at("/opt/opscode-push-jobs-server/service/opscode-pushy-server/run"))
                .exists();
        assertThat(machine.runOn("push.example.com", "reconfigure").out()).contains("Nothing had to be changed.");
    }

    @Test
    void machineWithoutAChefServerTakesADatabaseServerThatIsNamed(Postgres postgres) throws Exception {
        FakeMachine machine = FakeMachine.empty(root);
        machine.settings(
                "opscode_pushy_server['user'] = 'nobody'",
                "postgresql['vip'] = '127.0.0.1'",
                "postgresql['port'] = " + postgres.port());
        machine.write(machine.layout().ownSecrets(), "{\"postgresql\": {\"db_superuser_password\": \"s\"}}");

        Ran ran = machine.runOn("push.example.com", "reconfigure");

        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).isZero();
        JsonNode secrets = json(machine, "/etc/opscode-push-jobs-server/private-chef-secrets.json");
        assertThat(secrets.at("/postgresql/db_superuser_password").asText()).isEqualTo("s");
        assertThat(machine.read(DIRECTORY + "/database-password"))
                .isEqualTo(secrets.at("/push-jobs-server/sql_password").asText() + "\n");
        postgres.executeAs("opscode_pushy", "opscode_pushy", "delete from job_events");
        assertThat(machine.runOn("push.example.com", "reconfigure").out()).contains("Nothing had to be changed.");
    }

    @Test
    void nginxThatIsNotThereIsSaid(Postgres postgres) throws Exception {
        FakeMachine machine = FakeMachine.withSecrets(root, postgres.port());
        Files.delete(machine.at("/var/opt/opscode/nginx/etc/addon.d"));

        Ran ran = machine.run("reconfigure", "--dry-run");

        assertThat(ran.status()).isZero();
        assertThat(ran.out()).contains("addon.d is not there, so nginx is not told of the server's API");
    }

    @Test
    void cleanseLeavesACopyOfTheConfigurationAndNothingElse(Postgres postgres) throws Exception {
        FakeMachine machine = FakeMachine.withSecrets(root, postgres.port());
        Map<String, String> before = machine.contents();
        machine.run("reconfigure");

        Ran ran = machine.run("cleanse", "yes");

        assertThat(ran.status()).isZero();
        assertThat(ran.out())
                .containsPattern("Your config files have been backed up to .*/root/opscode-push-jobs-server-cl");
        Map<String, String> after = machine.contents();
        after.keySet().removeIf(name -> name.startsWith("/root") || name.startsWith("/run"));
        assertThat(changed(before, after)).containsExactly("/etc/opscode/private-chef-secrets.json");
    }

    @Test
    void copiesOfSecretsThatAKilledProcessHasLeftAreRemoved(Postgres postgres) {
        FakeMachine machine = FakeMachine.withSecrets(root, postgres.port());
        machine.write(machine.at("/run/pushjobs-check-2147483647/secrets.json"), "{}");

        machine.run("reconfigure", "--dry-run");

        assertThat(machine.at("/run")).isEmptyDirectory();
    }
}
