package org.pushjobs.chefhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyAddressTest {
    @ParameterizedTest
    @CsvSource({
        "http://proxy:3128, proxy, 3128",
        "https://proxy:3128, proxy, 3128",
        "HTTP://proxy.example.com/, proxy.example.com, 80",
        "https://proxy, proxy, 443",
        "proxy:3128, proxy, 3128",
        "' proxy ', proxy, 80",
        "http://squid_proxy:3128, squid_proxy, 3128",
        "http://[::1]:3128, [::1], 3128",
    })
    void hostAndPortAreTakenAsChefTakesThem(String text, String host, int port) {
        assertThat(ProxyAddress.parse(text)).isEqualTo(new ProxyAddress(host, port, Optional.empty()));
    }

    @Test
    void credentialsBecomeAHeaderAndAreNeverPrinted() {
        ProxyAddress proxy = ProxyAddress.parse("http://us%65r:p%3Aa+%C3%BC@host:8080/");

        assertThat(proxy).isEqualTo(new ProxyAddress("host", 8080, Optional.of("user:p:a+ü")));
        assertThat(proxy.authorization()).contains("Basic dXNlcjpwOmErw7w=");
        assertThat(proxy).hasToString("host:8080");
        assertThat(proxy.withCredentials("anna", "geheim").credentials()).contains("anna:geheim");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "socks5://geheim@x",
                "http://geheim:x@",
                "http://a b",
                "http://a:70000",
                "http://a:0",
                "http://a/path"
            })
    void anythingElseIsRefusedWithoutTellingIt(String text) {
        assertThatThrownBy(() -> ProxyAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must have the form http://[USER:PASSWORD@]HOST:PORT");
    }
}
