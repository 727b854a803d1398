package org.pushjobs.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressRangeTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.0/8, 127.1.2.3, true",
        "127.0.0.0/8, 128.0.0.1, false",
        "10.9.8.7/8, 10.255.0.1, true",
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.129/31, 192.0.2.128, true",
        "192.0.2.129/31, 192.0.2.130, false",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "192.0.2.1, ::ffff:192.0.2.1, true",
        "0.0.0.0/0, 8.8.8.8, true",
        "0.0.0.0/0, ::1, false",
        "::1, 0:0:0:0:0:0:0:1, true",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::/0, 10.0.0.1, false"
    })
    void itHasTheAddressesThatBeginAlike(String range, String address, boolean contains) {
        InetAddress given = AddressRange.address(address).orElseThrow();

        assertThat(AddressRange.parse(range).orElseThrow().contains(given)).isEqualTo(contains);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "192.0.2.128/25", "2001:db8:0:0:0:0:0:0/32"})
    void itIsShownAsItIsWritten(String range) {
        assertThat(AddressRange.parse(range).orElseThrow()).hasToString(range);
    }

    @Test
    void namesAndOtherFormsOfNumbersAreNoAddresses() {
        assertThat(AddressRange.address("localhost")).isEmpty();
        assertThat(AddressRange.address("127.1")).isEmpty();
        assertThat(AddressRange.address("2130706433")).isEmpty();
        assertThat(AddressRange.address("fe80::1%eth0")).isEmpty();
        assertThat(AddressRange.address(":::")).isEmpty();
        assertThat(AddressRange.address("")).isEmpty();
    }
}
