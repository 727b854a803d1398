package org.pushjobs.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortAddressTest {
    @Test
    void hostsAreNamesAndAddressesOfBothFamilies() {
        assertThat(PortAddress.parse("tcp://push.example.com:10000"))
                .contains(new PortAddress("push.example.com", 10_000));
        assertThat(PortAddress.parse("tcp://push_1:1")).contains(new PortAddress("push_1", 1));
        assertThat(PortAddress.parse("tcp://192.0.2.1:65535")).contains(new PortAddress("192.0.2.1", 65_535));
        assertThat(PortAddress.parse("tcp://[2001:db8::1]:10000")).contains(new PortAddress("2001:db8::1", 10_000));
        assertThat(new PortAddress("2001:db8::1", 1)).hasToString("tcp://[2001:db8::1]:1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "push.example.com:1",
                "udp://push:1",
                "tcp://push",
                "tcp://:1",
                "tcp://push:0",
                "tcp://push:65536",
                "tcp://push:99999",
                "tcp://push:1/",
                "tcp://2001:db8::1:1",
                "tcp://[::1:1",
                "tcp://a b:1"
            })
    void otherFormsAreNoAddresses(String text) {
        assertThat(PortAddress.parse(text)).isEmpty();
    }
}
