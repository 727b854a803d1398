package org.pushjobs.chefhttp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectHostsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    https://chef.example.com      |                        | false
                    https://chef.example.com      | chef.example.com       | true
                    https://chef.example.com      | example.com            | true
                    https://chef.example.com      | .example.com           | true
                    https://chef.example.com      | *.example.com          | true
                    https://example.com           | *.example.com          | true
                    https://CHEF.example.com      | Chef.Example.com       | true
                    https://chef.example.com      | *                      | true
                    https://chef.example.com      | ch*.example.com        | true
                    https://chef.example.com      | other, *.example.*     | true
                    https://chef.example.com      | ample.com              | false
                    https://chefXexample.com      | chef.example.com       | false
                    https://chef.example.com      | chef                   | false
                    https://chef.example.com      | other, example.com     | true
                    https://chef.example.com      | other example.com      | true
                    https://chef.example.com      | example.com:443        | true
                    https://chef.example.com      | example.com:8443       | false
                    https://chef.example.com:8443 | example.com:8443       | true
                    http://chef.example.com       | example.com:80         | true
                    https://chef_1.example.com    | example.com:443        | true
                    https://chef_1:8443           | chef_1:8443            | true
                    https://chef_1:8443           | chef_1:443, chef_2     | false
                    http://10.1.2.3               | 10.1.2.3               | true
                    http://10.1.2.3               | 10.1.*                 | true
                    http://110.1.2.3              | 10.1.2.3               | false
                    http://10.1.2.3               | 10.0.0.0/8             | true
                    http://11.1.2.3               | 10.0.0.0/8             | false
                    http://192.168.5.7            | 192.168.4.0/23         | true
                    http://192.168.6.7            | 192.168.4.0/23         | false
                    http://10.1.2.3:8080          | 10.0.0.0/8:8080        | true
                    http://10.1.2.3:8081          | 10.0.0.0/8:8080        | false
                    http://10.1.2.3               | 0.0.0.0/0              | true
                    http://10.1.2.3               | 10.1.2.3/32            | true
                    http://10.1.2.3               | 10.0.0.0/33            | false
                    http://10.1.2.3               | 10.0.0.0/x             | false
                    http://10.1.2.3               | /8                     | false
                    http://chef.example.com       | 0.0.0.0/0              | false
                    http://[fd00::1]              | fd00::/8               | true
                    http://[fd00::1]              | [fd00::]/8             | true
                    http://[fe80::1]              | fd00::/8               | false
                    http://[fd00::1]              | 10.0.0.0/8             | false
                    http://[fd00::1]              | fd00:0::1              | true
                    http://[fd00::1]              | [fd00::1]:80           | true
                    http://[fd00::1]              | [fd00::1]:81           | false
                    http://localhost:1            |                        | true
                    http://web.localhost          |                        | true
                    http://127.0.0.1:1            |                        | true
                    http://127.1.2.3              |                        | true
                    https://[::1]                 |                        | true
                    https://[fe80::1]             |                        | false
                    https://localhost.example.com |                        | false
                    """)
    void hostsAreThoseOfTheListAndThisMachine(URI address, String entries, boolean direct) {
        assertThat(new DirectHosts(DirectHosts.list(entries == null ? "" : entries)).cover(address))
                .isEqualTo(direct);
    }
}
