package org.pushjobs.ctl.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.secrets.VeilFile.Rotation;

/** The Chef server's files keep their form and all that is in them. */
class VeilFileTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Its key is 00 01 .. 1f, its first block 10 11 .. 1f. */
    static final String VERSION_2 = """
            {"veil":{"type":"Veil::CredentialCollection::ChefSecretsFile","version":2,
             "hasher":{"type":"Veil::Hasher::PBKDF2","secret":"ab","salt":"cd","iterations":10000,
              "hash_function":"OpenSSL::Digest::SHA512"},
             "cipher":{"type":"Veil::Cipher::V2","key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
              "iv":"EBESExQVFhcYGRobHB0eHw=="},
             "credentials":"%s"}}
            """;

    @TempDir
    private Path directory;

    private Path file(String content) throws Exception {
        return Files.writeString(directory.resolve("secrets.json"), content);
    }

    private JsonNode written(VeilFile file) throws Exception {
        return JSON.readTree(file.content());
    }

    @Test
    void oldestFormKeepsItsMembers() throws Exception {
        VeilFile file = VeilFile.read(file("""
                {"redis_lb":{"password":"r"},"push-jobs-server":{"sql_password":"p"},"odd":{"number":5,"list":[1,2.50]}}
                """));

        assertThat(file.get("push-jobs-server", "sql_password")).contains("p");
        assertThat(file.get("push-jobs-server", "missing")).isEmpty();
        file.put("push-jobs-server", "sql_ro_password", "q", Rotation.ALLOWED);

        assertThat(written(file)).isEqualTo(JSON.readTree("""
                {"redis_lb":{"password":"r"},"push-jobs-server":{"sql_password":"p","sql_ro_password":"q"},
                 "odd":{"number":5,"list":[1,2.50]}}
                """));
    }

    @Test
    void version1KeepsItsPropertiesAndTheCopyBesideThem() throws Exception {
        VeilFile file = VeilFile.read(file("""
                {"veil":{"type":"Veil::CredentialCollection::ChefSecretsFile","version":1,
                 "hasher":{"type":"Veil::Hasher::PBKDF2","secret":"ab","salt":"cd","iterations":10000},
                 "credentials":{"postgresql":{"db_superuser_password":{"type":"Veil::Credential","name":
                  "db_superuser_password","value":"s","version":3,"length":1,"unknown":true}}}},
                 "postgresql":{"db_superuser_password":"s"}}
                """));

        assertThat(file.get("postgresql", "db_superuser_password")).contains("s");
        file.put("push-jobs-server", "pushy_pub_key", "PEM", Rotation.NEVER);

        JsonNode written = written(file);
        assertThat(written.at("/veil/version").asInt()).isEqualTo(1);
        assertThat(written.at("/veil/hasher/secret").asText()).isEqualTo("ab");
        assertThat(written.at("/veil/credentials/postgresql/db_superuser_password/unknown")
                        .asBoolean())
                .isTrue();
        assertThat(written.at("/veil/credentials/postgresql/db_superuser_password/version")
                        .asInt())
                .isEqualTo(3);
        assertThat(written.at("/veil/credentials/push-jobs-server/pushy_pub_key"))
                .isEqualTo(JSON.readTree("""
                        {"type":"Veil::Credential","name":"pushy_pub_key","group":"push-jobs-server","value":"PEM",
                         "version":0,"length":3,"frozen":true}
                        """));
        assertThat(written.at("/push-jobs-server/pushy_pub_key").asText()).isEqualTo("PEM");
    }

    @Test
    void newFileIsReadAgain() throws Exception {
        VeilFile file = VeilFile.create(directory.resolve("new.json"));
        file.put("group", "name", "ä value", Rotation.NEVER);
        Files.write(file.file(), file.content());

        VeilFile again = VeilFile.read(file.file());
        assertThat(again.get("group", "name")).contains("ä value");
        assertThat(again.isChanged()).isFalse();
    }

    @Test
    void fileThatCannotBeUnderstoodIsRefusedWithoutQuotingIt() throws Exception {
        assertThatThrownBy(() -> VeilFile.read(file("{\"postgresql\":\n{\"password\":\"hush")))
                .isInstanceOf(CtlException.class)
                .hasMessageContaining("line 2")
                .hasMessageNotContaining("hush");
        String other = Base64.getEncoder().encodeToString(new byte[32]);
        assertThatThrownBy(() -> VeilFile.read(file(VERSION_2.formatted(other))))
                .hasMessageContaining("cannot be decrypted with the key in it");
        ObjectNode newer = (ObjectNode) JSON.readTree(VERSION_2.formatted(other));
        ((ObjectNode) newer.get("veil")).put("version", 3);
        assertThatThrownBy(() -> VeilFile.read(file(newer.toString()))).hasMessageContaining("version 3");
    }
}
