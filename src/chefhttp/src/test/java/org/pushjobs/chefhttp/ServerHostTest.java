package org.pushjobs.chefhttp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerHostTest {
    @ParameterizedTest
    @CsvSource({
        "https://chef.example.com/x,        chef.example.com, -1,    false",
        "https://u@chef:8443/x,             chef,             8443,  false",
        "http://[fe80::1%eth_0]:8080/x,     [fe80::1%eth_0],  8080,  false",
        "https://chef_server:10003/x,       chef_server,      10003, true",
        "https://chef_server:/x,            chef_server,      -1,    true",
        "https://_chef_.Example-1.com./x,   _chef_.Example-1.com., -1, true"
    })
    void hostIsFoundWhetherOrNotJavaKnowsItForOne(URI address, String name, int port, boolean hasUnderscore) {
        assertThat(ServerHost.of(address)).contains(new ServerHost(name, port));
        assertThat(ServerHost.of(address).map(ServerHost::hasUnderscore)).contains(hasUnderscore);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/organizations/a_b",
                "https:///organizations/a_b",
                "https://me@chef_1/x",
                "https://chef_1..com/x",
                "https://-chef_1/x",
                "https://chef_1-/x",
                "https://chef_1:x/x",
                "https://chef_1:1000000/x",
                "https://chef_ü/x",
                "https://chef_%2F/x"
            })
    void anythingElseIsNoHost(URI address) {
        assertThat(ServerHost.of(address)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "https://chef_1:8443/a%2Fb?c=%20d, 10.1.2.3, https://10.1.2.3:8443/a%2Fb?c=%20d",
        "http://chef_1/a,                  fd00::1,  http://[fd00:0:0:0:0:0:0:1]/a"
    })
    void addressTakesThePlaceOfTheName(URI uri, String address, URI expected) {
        assertThat(ServerHost.of(uri).orElseThrow().at(uri, InetAddress.ofLiteral(address)))
                .isEqualTo(expected);
    }

    @Test
    void usualTrustIsKeptWhereJavaChecksTheName() {
        NamedServerTrust usual = new NamedServerTrust("other", null);

        assertThat(new ServerHost("chef.example.com", -1).trust(usual)).isSameAs(usual);
        assertThat(new ServerHost("chef_1.example.com", -1).trust(usual)).isNotSameAs(usual);
        assertThat(Optional.of(System.getProperty("jdk.httpclient.allowRestrictedHeaders")))
                .hasValueSatisfying(headers -> assertThat(headers.split(",")).contains("host"));
    }
}
