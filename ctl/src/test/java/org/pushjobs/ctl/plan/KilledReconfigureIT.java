package org.pushjobs.ctl.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.ctl.testing.FakeMachine;
import org.pushjobs.ctl.testing.FakeMachine.Ran;
import org.pushjobs.ctl.testing.Postgres;
import org.pushjobs.protocol.keys.PemKeys;

/** A reconfigure that is killed after any of its steps is finished by the next one, with all that has to follow. */
@ExtendWith(Postgres.Extension.class)
class KilledReconfigureIT {
    private static final String SECRETS = "/etc/opscode/private-chef-secrets.json";
    private static final String DIRECTORY = "/var/opt/opscode-push-jobs-server/opscode-pushy-server";

    /** What a server of version 2.1 was known by. */
    private static final KeyPair KEYS = PemKeys.generate();

    @TempDir
    private Path root;

    private Map<String, String> undisturbed = Map.of();

    private static FakeMachine chefServer(Path root, Postgres postgres) throws Exception {
        FakeMachine machine = FakeMachine.withSecrets(root, postgres.port());
        machine.write(
                machine.layout().oldSecrets(),
                "{\"postgresql\":{\"sql_password\":\"of version 2.1\",\"sql_ro_password\":\"of that too\"}}");
        machine.write(machine.layout().configuration().resolve("pushy_priv.pem"), PemKeys.toPem((RSAPrivateKey)
                KEYS.getPrivate()));
        machine.write(machine.layout().configuration().resolve("pushy_pub.pem"), PemKeys.toPem((RSAPublicKey)
                KEYS.getPublic()));
        recordCalls(machine, "nginx");
        return machine;
    }

    /** A supervised service, and an sv that only writes down what it is told. */
    private static void recordCalls(FakeMachine machine, String service) throws Exception {
        Path sv = machine.write(
                machine.at("/opt/opscode/embedded/bin/sv"),
                "#!/bin/sh\necho \"$(basename \"$0\") $1\" >> " + machine.at("/calls") + "\n");
        Files.setPosixFilePermissions(sv, PosixFilePermissions.fromString("rwxr-xr-x"));
        machine.write(machine.at("/opt/opscode/service/" + service + "/supervise/ok"), "");
        Path init = machine.at("/opt/opscode/init/" + service);
        Files.deleteIfExists(init);
        Files.createSymbolicLink(init, sv);
    }

    private static List<String> calls(FakeMachine machine) throws Exception {
        Path calls = machine.at("/calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    /** All but what is random in secrets. */
    private static Map<String, String> contents(FakeMachine machine) {
        Map<String, String> contents = machine.contents();
        contents.remove("/calls");
        contents.replaceAll((name, content) -> name.matches(".*(secrets\\.json|database-password|superuser\\.pem)")
                ? content.lines().findFirst().orElseThrow()
                : content.replace(machine.layout().root().toString(), ""));
        return contents;
    }

    /** All steps of the first reconfigure of a Chef server with secrets of version 2.1, by what one does that nobody kills. */
    private List<Step> steps(Postgres postgres) throws Exception {
        FakeMachine machine = chefServer(root.resolve("undisturbed"), postgres);
        List<Step> steps = new ArrayList<>();
        reconfigure(machine, steps::add);
        undisturbed = contents(machine);
        return steps;
    }

    private static void reconfigure(FakeMachine machine, Consumer<Step> done) throws Exception {
        new Reconfigure(
                        machine.layout(),
                        () -> FakeMachine.NAME,
                        Duration.ZERO,
                        new PrintWriter(new StringWriter()),
                        done)
                .apply();
    }

    /** What is on disk and in the database then is the same as if a process of its own had been killed there. */
    @TestFactory
    List<DynamicTest> firstOneThatEndsAfterAnyStepIsFinished(Postgres postgres) throws Exception {
        List<Step> steps = steps(postgres);
        assertThat(steps).hasSizeGreaterThan(25);
        return IntStream.rangeClosed(1, steps.size())
                .mapToObj(step -> dynamicTest(
                        step + ": " + shown(steps.get(step - 1)),
                        () -> assertFinished(
                                step,
                                postgres,
                                machine -> assertThat(isInterruptedAfter(step, machine))
                                        .isTrue())))
                .toList();
    }

    private static String shown(Step step) {
        return step.wanted()
                .toString()
                .replaceAll("(content|password)=[^,]*", "$1")
                .lines()
                .findFirst()
                .orElseThrow();
    }

    /** With processes that are killed, without any clean-up: before anything, between the database's steps, and at the end. */
    @TestFactory
    List<DynamicTest> firstOneThatIsKilledIsFinished(Postgres postgres) throws Exception {
        List<Step> steps = steps(postgres);
        int inDatabase = (int) steps.stream()
                .takeWhile(step -> !(step.wanted() instanceof Wanted.InDatabase))
                .count();
        return Stream.of(1, inDatabase + 3, steps.size())
                .map(step -> killed(step, postgres))
                .toList();
    }

    @Tag("load")
    @TestFactory
    List<DynamicTest> firstOneThatIsKilledAfterAnyStepIsFinished(Postgres postgres) throws Exception {
        return IntStream.rangeClosed(1, steps(postgres).size())
                .mapToObj(step -> killed(step, postgres))
                .toList();
    }

    private DynamicTest killed(int step, Postgres postgres) {
        return dynamicTest(
                "killed after step " + step,
                () -> assertFinished(
                        step,
                        postgres,
                        machine -> assertThat(killedAfter(step, machine)).isEqualTo(HaltingReconfigure.KILLED)));
    }

    private void assertFinished(int step, Postgres postgres, ThrowingConsumer<FakeMachine> breakOff) throws Exception {
        postgres.clear();
        FakeMachine machine = chefServer(root.resolve("case-" + step), postgres);
        breakOff.accept(machine);

        Ran ran = machine.run("reconfigure");

        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).isZero();
        assertThat(machine.run("reconfigure").out()).contains("Nothing had to be changed.");
        assertThat(calls(machine)).contains("nginx hup");
        JsonNode veil = new ObjectMapper().readTree(machine.read(SECRETS)).at("/veil/credentials/push-jobs-server");
        JsonNode server = new ObjectMapper().readTree(machine.read(DIRECTORY + "/secrets.json"));
        assertThat(veil.at("/sql_password/value").asText()).isEqualTo("of version 2.1");
        assertThat(machine.read(DIRECTORY + "/database-password")).isEqualTo("of version 2.1\n");
        assertThat(PemKeys.privateKey(server.path("heartbeat_private_key").asText()))
                .isEqualTo(KEYS.getPrivate());
        assertThat(server.path("master_secret")).isEqualTo(veil.at("/master_secret/value"));
        assertThat(server.path("heartbeat_private_key")).isEqualTo(veil.at("/pushy_priv_key/value"));
        assertThat(contents(machine)).isEqualTo(undisturbed);
    }

    private static int killedAfter(int step, FakeMachine machine) throws Exception {
        Path log = machine.layout().root().resolveSibling("killed.log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HaltingReconfigure.class.getName(),
                        machine.layout().root().toString(),
                        Integer.toString(step))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return process.waitFor();
    }

    /** On a machine that runs, with a setting that changes. */
    @Test
    void changeThatIsInterruptedAnywhereRestartsWhatItConcerns(Postgres postgres) throws Exception {
        FakeMachine machine = chefServer(root, postgres);
        machine.run("reconfigure");
        recordCalls(machine, "opscode-pushy-server");
        int count = 0;
        boolean interrupted = true;
        while (interrupted) {
            count++;
            ObjectNode document = machine.running();
            ((ObjectNode) document.at("/private_chef/lb")).put("api_fqdn", "chef" + count + ".example.com");
            machine.running(document);
            Files.deleteIfExists(machine.at("/calls"));
            interrupted = isInterruptedAfter(count, machine);

            Ran ran = machine.run("reconfigure");

            assertThat(ran.err()).isEmpty();
            assertThat(calls(machine))
                    .as("after step " + count)
                    .filteredOn(call -> !call.endsWith("status"))
                    .containsExactly("opscode-pushy-server restart", "nginx hup");
            assertThat(machine.at("/var/opt/opscode-push-jobs-server/pending")).isEmptyDirectory();
        }
        assertThat(count).isGreaterThan(20);
    }

    private static boolean isInterruptedAfter(int step, FakeMachine machine) throws Exception {
        List<Step> steps = new ArrayList<>();
        try {
            reconfigure(machine, done -> {
                steps.add(done);
                if (steps.size() == step) {
                    throw new InterruptedHere();
                }
            });
            return false;
        } catch (InterruptedHere e) {
            return true;
        }
    }

    private static final class InterruptedHere extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void restartThatFailsIsRepeated(Postgres postgres) throws Exception {
        FakeMachine machine = chefServer(root, postgres);
        machine.run("reconfigure");
        recordCalls(machine, "opscode-pushy-server");
        Path sv = machine.at("/opt/opscode/embedded/bin/sv");
        String good = Files.readString(sv);
        Files.writeString(sv, good + "[ \"$1\" != restart ]\n");
        ObjectNode document = machine.running();
        ((ObjectNode) document.at("/private_chef/lb")).put("api_fqdn", "other.example.com");
        machine.running(document);

        Ran failed = machine.run("reconfigure");

        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.err()).contains("restart of opscode-pushy-server ended with status 1");
        Files.writeString(sv, good);
        Files.delete(machine.at("/calls"));
        Ran repeated = machine.run("reconfigure");
        assertThat(repeated.status()).isZero();
        assertThat(calls(machine)).contains("opscode-pushy-server restart");
        assertThatThrownBy(() -> Files.delete(machine.at("/var/opt/opscode-push-jobs-server/pending/restart_service")))
                .isInstanceOf(NoSuchFileException.class);
    }
}
