package org.pushjobs.config.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.AccessConfig;
import org.pushjobs.config.DirectoryConfig;
import org.pushjobs.config.EnvAccess;
import org.pushjobs.config.ReadAccess;
import org.pushjobs.config.TlsTrust;
import org.pushjobs.config.files.ConfigException;
import org.pushjobs.protocol.keys.PemKeys;

class DirectorySettingsTest {
    private static final KeyPair SUPERUSER = PemKeys.generate();

    @TempDir
    private Path directory;

    private Path file;
    private Path keyFile;
    private final Map<String, Object> settings = new LinkedHashMap<>();

    @BeforeEach
    void asLittleAsAChefServerNeeds() throws IOException {
        file = directory.resolve("server.json");
        keyFile = Files.writeString(
                directory.resolve("superuser.pem"), PemKeys.toPem((RSAPrivateKey) SUPERUSER.getPrivate()));
        Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
        settings.put("data_directory", "data");
        settings.put("directory", "chef_server");
        settings.put("erchef_root_url", "https://chef.example.com");
        settings.put("superuser_key_file", "superuser.pem");
        settings.put("read_access", "organization");
        settings.put("env_access", "readers");
    }

    @Test
    void whoMaySeeWhatFollowsTheDirectory() throws Exception {
        settings.remove("read_access");
        settings.remove("env_access");

        assertThat(read().config().access()).isEqualTo(new AccessConfig(ReadAccess.ORGANIZATION, EnvAccess.READERS));
        assertThat(read().warnings())
                .hasSize(2)
                .anySatisfy(warning -> assertThat(warning)
                        .contains(
                                "read_access is not set and so organization", "the key of each node can read all jobs"))
                .anySatisfy(warning -> assertThat(warning)
                        .contains("env_access is not set and so readers", "the values in its environment"));
        assertThat(read().describe())
                .containsPattern("read_access +organization +- +default")
                .containsPattern("env_access +readers +- +default");

        settings.put("directory", "standalone");
        settings.remove("erchef_root_url");
        settings.remove("superuser_key_file");
        assertThat(read().config().access()).isEqualTo(new AccessConfig(ReadAccess.RESTRICTED, EnvAccess.WRITERS));
        assertThat(read().warnings()).isEmpty();
    }

    @Test
    void whoMaySeeWhatCanBeSetWithEitherDirectory() throws Exception {
        settings.put("read_access", "restricted");
        settings.put("env_access", "writers");
        assertThat(read().config().access()).isEqualTo(new AccessConfig(ReadAccess.RESTRICTED, EnvAccess.WRITERS));
        assertThat(read().warnings()).isEmpty();

        settings.put("directory", "standalone");
        settings.put("read_access", "organization");
        settings.put("env_access", "readers");
        assertThat(read().config().access()).isEqualTo(new AccessConfig(ReadAccess.ORGANIZATION, EnvAccess.READERS));
    }

    private ConfigFile read() throws Exception {
        Files.writeString(
                file, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(settings));
        return ConfigFile.read(file, Map.of(), () -> "host.example.com");
    }

    private DirectoryConfig.ChefServer chefServer() throws Exception {
        return (DirectoryConfig.ChefServer) read().config().directory();
    }

    private List<String> errors() {
        return catchThrowableOfType(ConfigException.class, this::read).errors();
    }

    @Test
    void aChefServerNeedsItsUrlAndTheSuperusersKey() throws Exception {
        assertThat(chefServer().superuserKey()).isEqualTo(SUPERUSER.getPrivate());
        assertThat(chefServer().superuserName()).isEqualTo("pivotal");
        assertThat(chefServer().trust()).isEqualTo(new TlsTrust.SystemAuthorities());

        settings.remove("erchef_root_url");
        settings.remove("superuser_key_file");
        assertThat(errors())
                .containsExactly(
                        file + ": erchef_root_url is missing, directory chef_server needs it; set it to the Chef"
                                + " server's URL, https://HOST",
                        file + ": superuser_key_file is missing, directory chef_server needs it; name the file with"
                                + " the private key of the Chef server's superuser");
    }

    @Test
    void theKeyFileMustHoldAPrivateKeyForItsOwnerOnly() throws Exception {
        Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(errors()).singleElement().asString().contains("superuser_key_file cannot be used", "chmod 600");

        Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(keyFile, PemKeys.toPem((RSAPublicKey) SUPERUSER.getPublic()));
        assertThat(errors())
                .singleElement()
                .asString()
                .endsWith("superuser_key_file names " + keyFile
                        + ", which holds no RSA key: a private key is wanted, the text is a public one");

        Files.delete(keyFile);
        assertThat(errors()).singleElement().asString().contains("superuser_key_file cannot be used", "NoSuchFile");
    }

    @Test
    void theCaFileMustHoldCertificates() throws Exception {
        settings.put("chef_ca_file", "ca.pem");
        assertThat(errors()).singleElement().asString().contains("chef_ca_file names", "cannot be read (NoSuchFile");

        for (String noCertificate : List.of("", "hello", PemKeys.toPem((RSAPublicKey) SUPERUSER.getPublic()))) {
            Files.writeString(directory.resolve("ca.pem"), noCertificate);
            assertThat(errors()).singleElement().asString().contains("does not hold certificates in PEM");
        }

        String certificates = Files.readString(Path.of("src/test/resources/authorities.pem"));
        Files.writeString(directory.resolve("ca.pem"), certificates);
        assertThat(chefServer().trust()).isEqualTo(new TlsTrust.Authorities(certificates));
    }

    @Test
    void toVerifyNothingIsAWarning() throws Exception {
        settings.put("chef_verify_mode", "verify_none");

        assertThat(chefServer().trust()).isEqualTo(new TlsTrust.Anyone());
        assertThat(read().warnings()).singleElement().asString().contains("chef_verify_mode is verify_none:");
    }

    @Test
    void settingsOfAChefServerHaveNoEffectWithoutOne() throws Exception {
        settings.put("directory", "standalone");

        ConfigFile read = read();

        assertThat(read.config().directory()).isEqualTo(new DirectoryConfig.Standalone(Duration.ofSeconds(2)));
        assertThat(read.warnings())
                .containsExactly(
                        file + ", line 4: erchef_root_url has no effect unless directory is chef_server; remove it",
                        file + ", line 5: superuser_key_file has no effect unless directory is chef_server; remove it");
    }

    @Test
    void theKeyIsNeverPrinted() throws Exception {
        String secret = PemKeys.toPem((RSAPrivateKey) SUPERUSER.getPrivate())
                .lines()
                .skip(1)
                .findFirst()
                .orElseThrow();

        ConfigFile read = read();

        assertThat(read.config().toString())
                .contains("pivotal@https://chef.example.com")
                .doesNotContain(secret, "RSA");
        assertThat(read.describe()).contains(keyFile.toString()).doesNotContain(secret);
    }

    @Test
    void aUserInTheUrlIsNotShown() {
        settings.put("erchef_root_url", "https://user:hush-hush@chef.example.com");

        assertThat(errors()).singleElement().asString().doesNotContain("hush-hush");
    }
}
