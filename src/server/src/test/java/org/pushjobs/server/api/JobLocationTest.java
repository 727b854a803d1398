package org.pushjobs.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobLocationTest {
    private final JobLocation location = new JobLocation("push.example.com");

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-,           chef.example.com,       http://chef.example.com",
                "https,       chef.example.com,       https://chef.example.com",
                "HTTPS,       chef.example.com:443,   https://chef.example.com",
                "'https, http', chef.example.com:8443, https://chef.example.com:8443",
                "http,        chef.example.com:80,    http://chef.example.com",
                "https,       chef.example.com:80,    https://chef.example.com",
                "javascript,  chef.example.com,       http://chef.example.com",
                "'',          chef.example.com:10003, http://chef.example.com:10003",
                "-,           '[::1]:10003',          http://[::1]:10003",
                "-,           '[::1]:443',            http://[::1]",
                "-,           -,                      http://push.example.com:10003",
                "-,           '',                     http://push.example.com:10003",
                "-,           'evil/path',            http://push.example.com:10003",
                "-,           'a@b',                  http://push.example.com:10003",
                "-,           'a b',                  http://push.example.com:10003"
            })
    void uriHasTheSchemeAndHostThatTheClientUsed(String forwardedProto, String host, String expected) {
        assertThat(location.uri(Optional.ofNullable(forwardedProto), Optional.ofNullable(host), 10003, "acme", "0123"))
                .isEqualTo(expected + "/organizations/acme/pushy/jobs/0123");
    }
}
