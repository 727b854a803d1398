package org.pushjobs.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.pushjobs.chefhttp.ServerUrl;

class ConfigFetcherTest {
    @Test
    void addressOfTheDocumentIsEscaped() {
        ServerUrl server = ServerUrl.parse("https://chef/organizations/acme");

        assertThat(ConfigFetcher.address(server, "web 1/ü+", "a:b+c/d&e%"))
                .hasToString("https://chef/organizations/acme/pushy/config/web%201%2F%C3%BC%2B"
                        + "?ccpk=a%3Ab%2Bc%2Fd%26e%25&version=2.0");
    }
}
