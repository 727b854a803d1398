package org.pushjobs.chefhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerUrlTest {
    @ParameterizedTest
    @CsvSource({
        "https://chef.example.com/organizations/acme, https://chef.example.com/organizations/acme, acme",
        "http://127.0.0.1:8080/organizations/a-b_c/, http://127.0.0.1:8080/organizations/a-b_c, a-b_c",
        "https://chef_server:10003/organizations/acme, https://chef_server:10003/organizations/acme, acme",
        "HTTPS://chef/prefix/organizations/acme, HTTPS://chef/prefix/organizations/acme, acme"
    })
    void addressOfAnOrganisationIsTaken(String text, String base, String org) {
        ServerUrl url = ServerUrl.parse(text);

        assertThat(url).hasToString(base);
        assertThat(url.org()).isEqualTo(org);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://chef.example.com",
                "https://chef.example.com/",
                "https://chef.example.com/organizations/",
                "https://chef.example.com/organizations/acme/nodes"
            })
    void addressWithoutAnOrganisationIsRefusedWithAReason(String text) {
        assertThatThrownBy(() -> ServerUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("must end in /organizations/ORG")
                .hasMessageContaining(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"chef.example.com/organizations/acme", "ftp://chef/organizations/acme", "/organizations/acme"})
    void otherSchemesAreRefused(String text) {
        assertThatThrownBy(() -> ServerUrl.parse(text)).hasMessageStartingWith("must start with http://HOST");
    }

    @Test
    void whatIsNoUrlIsRefused() {
        assertThatThrownBy(() -> ServerUrl.parse("http://a b/organizations/acme"))
                .hasMessage("is no URL: http://a b/organizations/acme");
        assertThatThrownBy(() -> ServerUrl.parse("http://chef/organizations/acme?x=1"))
                .hasMessageStartingWith("must have no query");
        assertThatThrownBy(() -> ServerUrl.parse("https://me@chef_1/organizations/acme"))
                .hasMessageStartingWith("must start with http://HOST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://chef:0/organizations/acme", "https://chef_1:65536/organizations/acme"})
    void portThatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> ServerUrl.parse(text)).hasMessage("must have a port from 1 to 65535, is " + text);
    }

    @Test
    void userIsPassedOver() {
        assertThat(ServerUrl.parse("https://me:secret@chef/organizations/acme"))
                .hasToString("https://chef/organizations/acme");
    }

    @Test
    void addressesAreBelowTheOrganisation() {
        ServerUrl url = ServerUrl.parse("http://[::1]:10003/organizations/acme");

        assertThat(url.chef("search/node?q=a")).hasToString("http://[::1]:10003/organizations/acme/search/node?q=a");
        assertThat(url.pushy("jobs")).hasToString("http://[::1]:10003/organizations/acme/pushy/jobs");
        assertThat(url.isSecure()).isFalse();
        assertThat(ServerUrl.parse("HTTPS://chef/organizations/acme").isSecure())
                .isTrue();
    }
}
