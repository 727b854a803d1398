package org.pushjobs.agent.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LikelyTyposTest {
    private static final UnaryOperator<String> PLACE = key -> "/etc/chef/client.rb:" + key.length();

    @ParameterizedTest
    @CsvSource({
        "whitelst, whitelist",
        "white_list, whitelist",
        "whitelists, whitelist",
        "Whitelist, whitelist",
        "whtelsit, whitelist",
        "nodename, node_name",
        "client_keys, client_key",
        "filedir, file_dir",
        "allow_unencryped, allow_unencrypted",
        "allowed_overwriteable_env_vars, allowed_overwritable_env_vars",
        "max_bodysize, max_body_size",
        "chef_server_ulr, chef_server_url",
        "log_locaton, log_location",
    })
    void keyThatLooksLikeOursIsNamed(String key, String meant) {
        assertThat(LikelyTypos.warnings(List.of(key), PLACE))
                .containsExactly("/etc/chef/client.rb:" + key.length() + ": " + key
                        + " is no setting of push-jobs-client and is passed over; is " + meant + " meant?");
    }

    /** All keys of chef-client that come near one of ours, and some more. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp_proxy",
                "ftp_proxy_user",
                "ftp_proxy_pass",
                "chef_server_root",
                "file_backup_path",
                "cache_path",
                "client_d_dir",
                "client_name",
                "node_path",
                "role_path",
                "user",
                "group",
                "pid_file",
                "interval",
                "splay",
                "validation_key",
                "validation_client_name",
                "ssl_ca_file",
                "ssl_ca_path",
                "ssl_client_key",
                "no_lazy_load",
                "log_format",
                "use_policyfile",
                "lockfile",
                "automatic_attribute_whitelist",
                "knife",
                "ohai"
            })
    void keyOfChefIsNone(String key) {
        assertThat(LikelyTypos.warnings(List.of(key), PLACE)).isEmpty();
    }

    @Test
    void ourOwnKeysAreNone() {
        for (Setting setting : Setting.values()) {
            assertThat(LikelyTypos.warnings(List.of(setting.key()), PLACE)).isEmpty();
        }
    }
}
