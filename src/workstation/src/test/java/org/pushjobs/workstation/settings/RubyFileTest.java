package org.pushjobs.workstation.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RubyFileTest {
    @TempDir
    private Path root;

    private Path touch(String name) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "");
    }

    /** Each file that is taken is removed, so that the next one shows. */
    @Test
    void filesAreTakenInKnifesOrder() throws Exception {
        // given
        Path home = root.resolve("home");
        Path here = Files.createDirectories(root.resolve("repo/cookbooks/a"));
        Path[] order = {
            touch("knife-home/config.rb"),
            touch("knife-home/knife.rb"),
            touch("repo/cookbooks/.chef/knife.rb"),
            touch("repo/.chef/config.rb"),
            touch("repo/.chef/knife.rb"),
            touch("home/.chef/config.rb"),
            touch("home/.chef/knife.rb")
        };
        Map<String, String> environment =
                Map.of("KNIFE_HOME", root.resolve("knife-home").toString());

        for (Path expected : order) {
            // then
            assertThat(RubyFile.find(environment, here, home)).contains(expected);
            Files.delete(expected);
        }
        assertThat(RubyFile.find(environment, here, home)).isEmpty();
    }

    @Test
    void variablesThatTheFileRemovesAreGone() {
        RubyFile file =
                new RubyFile(SettingsLayer.EMPTY, Map.of("http_proxy", Optional.empty(), "no_proxy", Optional.of("b")));

        assertThat(file.changed(Map.of("http_proxy", "http://a", "no_proxy", "a", "HOME", "/home/alice")))
                .isEqualTo(Map.of("no_proxy", "b", "HOME", "/home/alice"));
    }

    @Test
    void directoryOfThatNameIsNoFile() throws Exception {
        // given
        Files.createDirectories(root.resolve(".chef/config.rb"));

        // then
        assertThat(RubyFile.find(Map.of(), root, root)).isEmpty();
    }
}
