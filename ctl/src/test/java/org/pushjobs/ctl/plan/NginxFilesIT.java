package org.pushjobs.ctl.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.ctl.testing.FakeMachine;
import org.pushjobs.ctl.testing.FakeMachine.Ran;
import org.pushjobs.ctl.testing.Postgres;
import org.pushjobs.ctl.testing.Programs;

/** A real nginx reads the add-on's files before they are kept. */
@ExtendWith(Postgres.Extension.class)
class NginxFilesIT {
    private static final String ADD_ONS = "/var/opt/opscode/nginx/etc/addon.d";
    private static final String UPSTREAMS = ADD_ONS + "/10-push_jobs_upstreams.conf";
    private static final String UNKNOWN_HOST = "no-such-host.invalid";

    @TempDir
    private Path root;

    private FakeMachine machine;

    @BeforeEach
    void makeMachine(Postgres postgres) throws Exception {
        machine = FakeMachine.withSecrets(root, postgres.port());
        Path embedded = machine.directory("/opt/opscode/embedded/sbin");
        Files.createSymbolicLink(embedded.resolve("nginx"), Programs.require("nginx", "nginx-light"));
        machine.write(machine.at("/var/opt/opscode/nginx/etc/nginx.conf"), """
                pid %1$s/nginx.pid;
                error_log stderr;
                events { }
                http {
                  access_log off;
                  include %2$s/*_upstreams.conf;
                  server {
                    listen 127.0.0.1:1;
                    include %2$s/*_external.conf;
                    location / { return 404; }
                  }
                }
                """.formatted(root, machine.at(ADD_ONS)));
    }

    private void reachedAt(String host) {
        var document = machine.running();
        ((ObjectNode) document.at("/private_chef/lb")).put("api_fqdn", host);
        machine.running(document);
    }

    @Test
    void filesThatNginxCanReadAreKept() {
        reachedAt("127.0.0.1");

        Ran ran = machine.run("reconfigure");

        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).isZero();
        assertThat(machine.read(UPSTREAMS)).contains("server 127.0.0.1:10003;");
    }

    @Test
    void addressOfVersion6IsOneThatNginxCanRead() {
        reachedAt("::1");

        assertThat(machine.run("reconfigure").err()).isEmpty();
        assertThat(machine.read(UPSTREAMS)).contains("server [::1]:10003;");
    }

    @Test
    void filesThatNginxCannotReadAreTakenBack() {
        reachedAt("127.0.0.1");
        machine.run("reconfigure");
        String before = machine.read(UPSTREAMS);
        reachedAt(UNKNOWN_HOST);

        Ran ran = machine.run("reconfigure");

        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err())
                .contains("nginx cannot read its configuration with the add-on's files, which were taken back")
                .contains("host not found in upstream \"" + UNKNOWN_HOST);
        assertThat(machine.read(UPSTREAMS)).isEqualTo(before);
    }

    @Test
    void firstFilesThatNginxCannotReadAreGoneAgain() {
        reachedAt(UNKNOWN_HOST);

        assertThat(machine.run("reconfigure").status()).isEqualTo(1);

        assertThat(machine.at(ADD_ONS)).isEmptyDirectory();
    }

    @Test
    void filesThatNginxWasNotAskedAboutAreTakenBackByTheNextOne() throws Exception {
        reachedAt("127.0.0.1");
        machine.run("reconfigure");
        String before = machine.read(UPSTREAMS);
        // as a reconfigure leaves it that is killed between its files and nginx
        reachedAt(UNKNOWN_HOST);
        machine.write(
                machine.at("/var/opt/opscode-push-jobs-server/pending/before-10-push_jobs_upstreams.conf"), before);
        machine.write(machine.at("/var/opt/opscode-push-jobs-server/pending/reload_nginx"), "");
        Files.writeString(machine.at(UPSTREAMS), before.replace("127.0.0.1", UNKNOWN_HOST));

        Ran ran = machine.run("reconfigure");

        assertThat(ran.status()).isEqualTo(1);
        assertThat(machine.read(UPSTREAMS)).isEqualTo(before);
        reachedAt("127.0.0.1");
        assertThat(machine.run("reconfigure").status()).isZero();
        assertThat(machine.at("/var/opt/opscode-push-jobs-server/pending")).isEmptyDirectory();
    }
}
