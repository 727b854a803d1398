package org.pushjobs.ctl.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What values of the installation's settings may be. */
class RulesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "['db-1']",
                "['db-1.example.com', 'db-1.example.com:5433', '192.0.2.1', '[2001:db8::1]', '[2001:db8::1]:5433']",
                "'db-1'",
                "'db-1, db-2:5433'",
                "['1','2','3','4','5','6','7','8']"
            })
    void databaseHostsHaveAPortOrNot(String value) throws Exception {
        assertThat(Rules.databaseHosts(JSON.readTree(value.replace('\'', '"')))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "''",
                "5432",
                "true",
                "['db-1:']",
                "['db-1:0']",
                "['db-1:65536']",
                "['db-1/opscode_pushy']",
                "['2001:db8::1']",
                "['db-1 db-2']",
                "'db-1,'",
                "['db-1', ['db-2']]",
                "['1','2','3','4','5','6','7','8','9']"
            })
    void whatIsNoListOfHostsIsRefused(String value) throws Exception {
        assertThat(Rules.databaseHosts(JSON.readTree(value.replace('\'', '"')))).isPresent();
    }
}
