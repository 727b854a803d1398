package org.pushjobs.packager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.pushjobs.packager.Sbom.Part;
import org.pushjobs.packager.Sbom.Subject;

class SbomTest {
    private static final Subject SUBJECT =
            new Subject("example", "4.0.0", "0a1b2c", "An example", Instant.parse("2026-11-28T12:00:00Z"));
    private static final JavaRuntime JAVA = new JavaRuntime("Eclipse Adoptium", "25.0.3+9-LTS");
    private static final String MODULE = """
            {"metadata": {"component": {"name": "server", "version": "4", "bom-ref": "server", "purl": "pkg:maven/o/server@4"}},
             "components": [
               {"name": "used", "version": "1", "bom-ref": "used", "purl": "pkg:maven/o/used@1?type=jar",
                "hashes": [{"alg": "MD5", "content": "x"}, {"alg": "SHA-256", "content": "aa"}],
                "licenses": [{"license": {"id": "MIT"}}]},
               {"name": "native", "version": "2", "bom-ref": "native",
                "purl": "pkg:maven/o/native@2?classifier=linux-x86_64&type=jar"},
               {"name": "left-out", "version": "3", "bom-ref": "left-out", "purl": "pkg:maven/o/left-out@3?type=jar"}],
             "dependencies": [
               {"ref": "server", "dependsOn": ["used", "left-out"]},
               {"ref": "left-out", "dependsOn": ["native"]}]}
            """;

    @Test
    void namesWhatIsInThePackageAndNothingElse() throws JsonProcessingException {
        Sbom sbom = sbom(Map.of("server-4.jar", "11", "used-1.jar", "aa", "native-2-linux-x86_64.jar", "cc"));

        assertThat(sbom.contents())
                .containsExactly(
                        new Part(
                                "java-runtime",
                                "25.0.3+9-LTS",
                                "GPL-2.0-only WITH Classpath-exception-2.0",
                                "java-runtime"),
                        new Part("native", "2", "unknown", "native"),
                        new Part("server", "4", "unknown", "server"),
                        new Part("used", "1", "MIT", "used"));
        JsonNode document = sbom.document(SUBJECT);
        assertThat(document.path("dependencies").toString())
                .isEqualTo("[{\"ref\":\"example\",\"dependsOn\":[\"java-runtime\",\"native\",\"server\",\"used\"]},"
                        + "{\"ref\":\"server\",\"dependsOn\":[\"used\"]}]");
    }

    @Test
    void jarThatMavenDoesNotKnowIsRefused() {
        assertThatThrownBy(() -> sbom(Map.of("stranger-1.jar", "11")))
                .isInstanceOf(PackagerException.class)
                .hasMessageContaining("stranger-1.jar");
    }

    @Test
    void jarWithOtherContentIsRefused() {
        assertThatThrownBy(() -> sbom(Map.of("used-1.jar", "bb")))
                .isInstanceOf(PackagerException.class)
                .hasMessageContaining("used-1.jar");
    }

    @Test
    void sameContentGivesTheSameDocument() throws JsonProcessingException {
        JsonNode document = sbom(Map.of("used-1.jar", "aa")).document(SUBJECT);

        assertThat(sbom(Map.of("used-1.jar", "aa")).document(SUBJECT)).isEqualTo(document);
        assertThat(sbom(Map.of("server-4.jar", "aa")).document(SUBJECT).path("serialNumber"))
                .isNotEqualTo(document.path("serialNumber"));
    }

    @Test
    void manifestHasItsVersionWhereCookbooksLookForIt() throws JsonProcessingException {
        VersionManifest manifest =
                new VersionManifest(SUBJECT, sbom(Map.of("used-1.jar", "aa")).contents());

        assertThat(manifest.text().lines().findFirst()).contains("example 4.0.0");
        assertThat(manifest.json().path("build_version").asText()).isEqualTo("4.0.0");
        assertThat(manifest.json()
                        .path("software")
                        .path("used")
                        .path("locked_version")
                        .asText())
                .isEqualTo("1");
    }

    private static Sbom sbom(Map<String, String> digests) throws JsonProcessingException {
        return new Sbom(List.of(new ObjectMapper().readTree(MODULE)), new PackedJars(new TreeMap<>(digests)), JAVA);
    }
}
