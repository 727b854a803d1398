package org.pushjobs.agent.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushjobs.chefhttp.DirectHosts;

class ProxySettingsTest {
    private static final ProxyAddress HTTP = new ProxyAddress("plain", 1, Optional.empty());
    private static final ProxyAddress HTTPS = new ProxyAddress("tls", 2, Optional.of("user:pass"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://chef.example.com/x   |              | plain",
                "https://chef.example.com/x  |              | tls",
                "https://chef.example.com/x  | example.com  | ",
                "https://chef.example.com/x  | ample.com    | tls",
                "http://10.1.2.3/x           | 10.0.0.0/8   | ",
                "http://localhost:1/x        |              | ",
            })
    void proxyOf(URI address, String noProxy, String expected) {
        ProxySettings proxies = new ProxySettings(
                Optional.of(HTTP), Optional.of(HTTPS), DirectHosts.list(noProxy == null ? "" : noProxy));

        assertThat(proxies.proxyFor(address).map(ProxyAddress::host)).isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void credentialsBecomeAHeaderAndAreNeverPrinted() {
        ProxyAddress proxy = ProxyAddress.parse("http://us%65r:p%3Aa+%C3%BC@host:8080/");

        assertThat(proxy).isEqualTo(new ProxyAddress("host", 8080, Optional.of("user:p:a+ü")));
        assertThat(proxy.authorization()).contains("Basic dXNlcjpwOmErw7w=");
        assertThat(proxy.toString()).isEqualTo("host:8080");
    }
}
