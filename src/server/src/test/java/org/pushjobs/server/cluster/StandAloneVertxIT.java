package org.pushjobs.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.testing.Await;

class StandAloneVertxIT {
    /** A process that says which classes it loads. */
    static final class Usual {
        public static void main(String[] arguments) {
            Await.result(Vertx.vertx().close());
        }
    }

    static final class Alone {
        public static void main(String[] arguments) {
            ServerMetrics metrics = new ServerMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
            ProcessVertx process = Await.result(ProcessVertx.start(
                    Optional.empty(), TestCluster.KEYS, TestCluster.info(0), new VertxOptions(), metrics.database()));
            Await.result(process.vertx().executeBlocking(() -> "done"));
            assertThat(process.members()).isEmpty();
            assertThat(process.refusedConnections()).isZero();
            process.close().toCompletableFuture().join();
        }
    }

    private static String classesLoadedBy(Class<?> program) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xlog:class+load:stdout",
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void whoIsAloneLoadsNothingOfHazelcast() throws Exception {
        assertThat(classesLoadedBy(Alone.class))
                .contains("io.vertx.core.impl.VertxImpl")
                .doesNotContain("com.hazelcast.")
                .doesNotContain("io.vertx.spi.cluster.hazelcast.");
    }

    @Test
    void withoutCareItWouldBeLoaded() throws Exception {
        assertThat(classesLoadedBy(Usual.class)).contains("io.vertx.spi.cluster.hazelcast.");
    }
}
