package org.pushjobs.chefhttp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
