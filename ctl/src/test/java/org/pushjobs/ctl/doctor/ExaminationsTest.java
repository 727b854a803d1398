package org.pushjobs.ctl.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.settings.ConfigFile;
import org.pushjobs.ctl.doctor.Finding.Level;

/** What single measurements mean. */
class ExaminationsTest {
    @Test
    void clocksMayDifferByAFewSeconds() {
        assertThat(Clocks.finding("x", Duration.ofSeconds(-4)).level()).isEqualTo(Level.GOOD);
        assertThat(Clocks.finding("x", Duration.ofSeconds(5)).level()).isEqualTo(Level.WARNING);
        assertThat(Clocks.finding("x", Duration.ofSeconds(-299)).level()).isEqualTo(Level.WARNING);
        assertThat(Clocks.finding("x", Duration.ofMinutes(-5)).level()).isEqualTo(Level.WRONG);
    }

    @Test
    void theOtherClockIsSaidToBeAheadOrBehind() {
        assertThat(Clocks.finding("the database", Duration.ofSeconds(60)).text())
                .startsWith("that of the database is 60 s ahead of this machine's");
        assertThat(Clocks.finding("the database", Duration.ofSeconds(-60)).text())
                .startsWith("that of the database is 60 s behind this machine's");
    }

    @Test
    void theSoftLimitOfOpenFilesCounts() {
        List<String> limits = List.of(
                "Limit                     Soft Limit           Hard Limit           Units     ",
                "Max cpu time              unlimited            unlimited            seconds   ",
                "Max open files            1024                 524288               files     ");

        assertThat(FileLimitExamination.softLimit(limits)).contains(1024L);
        assertThat(FileLimitExamination.softLimit(List.of("Max open files  unlimited  unlimited  files")))
                .contains(Long.MAX_VALUE);
        assertThat(FileLimitExamination.softLimit(limits.subList(0, 2))).isEmpty();
    }

    @Test
    void portsOfRolesThatAServerDoesNotHaveAreNotLookedFor(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(
                directory.resolve("server.json"), "{\"data_directory\": \"data\", \"roles\": \"api\"}");

        assertThat(PortsExamination.ports(ConfigFile.read(file, Map.of(), () -> "push.example.com")
                                .config())
                        .keySet())
                .containsExactly("api_port", "management_port");
    }

    @Test
    void membersThatTheServerSeesAreCountedInItsMetrics() {
        assertThat(ClusterExamination.seen("# TYPE pushjobs_cluster_members gauge\npushjobs_cluster_members 2.0\n"))
                .hasValue(2);
        assertThat(ClusterExamination.seen("pushjobs_cluster_connections_refused_total 2.0\n"))
                .isEmpty();
    }

    @Test
    void memberThatIsMissingIsAWarningAndOneThatIsRefusedIsWrong() {
        List<Finding> nobody = List.of();

        assertThat(ClusterExamination.membership(2, 2, nobody).level()).isEqualTo(Level.GOOD);
        assertThat(ClusterExamination.membership(1, 2, List.of(Finding.warning("cluster", "cannot be reached")))
                        .level())
                .isEqualTo(Level.WARNING);
        assertThat(ClusterExamination.membership(1, 2, List.of(Finding.good("cluster", "waits for its turn")))
                        .level())
                .isEqualTo(Level.GOOD);
        assertThat(ClusterExamination.membership(1, 2, nobody).text())
                .contains("1 of 2 members")
                .contains("secrets");
        assertThat(ClusterExamination.membership(1, 2, nobody).level()).isEqualTo(Level.WRONG);
    }

    @Test
    void whoListensEverywhereIsAskedAtThisMachine() {
        for (String everywhere : List.of("0.0.0.0", "::", "[::]", "tcp://*")) {
            assertThat(PortsExamination.at(everywhere, 10002).getAddress().isLoopbackAddress())
                    .as(everywhere)
                    .isTrue();
        }
        assertThat(PortsExamination.at("tcp://192.0.2.7", 1).getHostString()).isEqualTo("192.0.2.7");
        assertThat(Web.at(PortsExamination.at("[::1]", 80), "/x").toString())
                .isEqualTo("http://[0:0:0:0:0:0:0:1]:80/x");
    }
}
