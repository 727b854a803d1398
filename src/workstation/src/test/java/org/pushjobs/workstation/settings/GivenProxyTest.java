package org.pushjobs.workstation.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushjobs.chefhttp.ServerUrl;

class GivenProxyTest {
    private static ServerUrl server(String address) {
        return ServerUrl.parse(address + "/organizations/acme");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    https://chef.example.com | localhost, example.com | false
                    https://chef.example.com | ample.com              | true
                    https://10.1.2.3         | 10.0.0.0/8             | false
                    https://localhost:8443   | example.com            | false
                    https://127.0.0.1:8443   | example.com            | false
                    """)
    void hostsWithoutProxyAreThoseOfNoProxyAndThisMachine(String address, String noProxy, boolean proxied)
            throws Exception {
        // given
        SettingsLayer layer =
                SettingsLayer.ofEnvironment(Map.of("https_proxy", "http://proxy:3128", "no_proxy", noProxy));

        // then
        assertThat(GivenProxy.of(layer, server(address)).isPresent()).isEqualTo(proxied);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    http_proxy  | http://proxy:3128          | http://chef  | proxy:3128
                    HTTP_PROXY  | http://proxy:3128          | http://chef  | proxy:3128
                    https_proxy | proxy:3128                 | https://chef | proxy:3128
                    HTTPS_PROXY | http://proxy               | https://chef | proxy:80
                    HTTPS_PROXY | https://proxy:3128         | https://chef | proxy:3128
                    """)
    void proxyIsThatOfTheServersScheme(String variable, String value, String address, String proxy) throws Exception {
        // given
        SettingsLayer layer = SettingsLayer.ofEnvironment(Map.of(variable, value));

        // then
        assertThat(GivenProxy.of(layer, server(address)))
                .hasValueSatisfying(found -> assertThat(found.address()).hasToString(proxy));
        String other = address.startsWith("https") ? "http://chef" : "https://chef";
        assertThat(GivenProxy.of(layer, server(other))).isEmpty();
    }

    @Test
    void proxyOfTheOtherSchemeDoesNotMatterWhateverItIs() throws Exception {
        // given
        SettingsLayer layer = SettingsLayer.ofEnvironment(Map.of("HTTPS_PROXY", "socks5://proxy"));

        // then
        assertThat(GivenProxy.of(layer, server("http://chef"))).isEmpty();
    }

    @Test
    void userAndPasswordComeFromTheAddressOrFromTheirOwnSettingsAndAreNeverPrinted() throws Exception {
        // given
        SettingsLayer inAddress = SettingsLayer.ofEnvironment(Map.of("https_proxy", "http://anna:geheim@proxy:3128"));
        SettingsLayer apart = SettingsLayer.EMPTY.orElse(SettingsLayer.ofChefNames(
                Map.of("https_proxy", "http://proxy:3128", "https_proxy_user", "anna", "https_proxy_pass", "geheim"),
                "knife.rb",
                Path.of("")));

        // then
        for (SettingsLayer layer : new SettingsLayer[] {inAddress, apart}) {
            assertThat(GivenProxy.of(layer, server("https://chef"))).hasValueSatisfying(proxy -> {
                assertThat(proxy.address().credentials()).contains("anna:geheim");
                assertThat(proxy.toString()).doesNotContain("geheim");
            });
        }
    }
}
