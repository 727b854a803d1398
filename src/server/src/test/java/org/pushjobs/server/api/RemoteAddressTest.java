package org.pushjobs.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushjobs.config.AddressRange;

class RemoteAddressTest {
    private static final RemoteAddress ADDRESS = new RemoteAddress(List.of(
            new AddressRange(InetAddress.ofLiteral("127.0.0.0"), 8),
            new AddressRange(InetAddress.ofLiteral("::1"), 128),
            new AddressRange(InetAddress.ofLiteral("10.0.0.0"), 24)));

    /** Headers are divided by {@code ;}. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
                    192.0.2.1       | none                              | 192.0.2.1
                    127.0.0.1       | none                              | 127.0.0.1
                    127.0.0.1       | 198.51.100.7                      | 198.51.100.7
                    0:0:0:0:0:0:0:1 | 2001:db8::7                       | 2001:db8:0:0:0:0:0:7
                    127.0.0.1       | 6.6.6.6, 198.51.100.7             | 198.51.100.7
                    127.0.0.1       | 6.6.6.6;198.51.100.7              | 198.51.100.7
                    127.0.0.1       | 6.6.6.6, 198.51.100.7, 10.0.0.9   | 198.51.100.7
                    127.0.0.1       | 198.51.100.7;10.0.0.9 ,10.0.0.8   | 198.51.100.7
                    192.0.2.1       | 198.51.100.7                      | 192.0.2.1
                    192.0.2.1       | 127.0.0.1                         | 192.0.2.1
                    127.0.0.1       | 10.0.0.9, 127.0.0.1               | 127.0.0.1
                    127.0.0.1       | 198.51.100.7, unknown             | 127.0.0.1
                    127.0.0.1       | 198.51.100.7,                     | 127.0.0.1
                    127.0.0.1       | web.example.com                   | 127.0.0.1
                    127.0.0.1       | 198.51.100.7:4711                 | 127.0.0.1
                    127.0.0.1       | 300.1.1.1                         | 127.0.0.1
                    127.0.0.1       | <script>                          | 127.0.0.1
                    ::ffff:10.0.0.3 | 198.51.100.7                      | 198.51.100.7
                    """)
    void onlyWhatATrustedProxyAddedIsBelieved(String peer, String headers, String address) {
        List<String> forwarded = headers == null ? List.of() : Arrays.asList(headers.split(";"));

        assertThat(ADDRESS.of(peer, forwarded)).isEqualTo(address);
    }

    @Test
    void whereNoProxyIsTrustedItIsThePeer() {
        assertThat(new RemoteAddress(List.of()).of("127.0.0.1", List.of("198.51.100.7")))
                .isEqualTo("127.0.0.1");
    }
}
