package org.pushjobs.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushjobs.config.CryptoChoice;
import org.pushjobs.config.GatewayConfig;
import org.pushjobs.protocol.codec.MessageLimits;

class GatewaySettingsTest {
    @ParameterizedTest
    @CsvSource({
        "tcp://*, *",
        "tcp://192.0.2.7, 192.0.2.7",
        "tcp://push.example.com, push.example.com",
        "tcp://[::1], ::1",
        "tcp://[::], ::"
    })
    void hostIsWhatASocketIsBoundTo(String listenAddress, String host) {
        assertThat(settings(listenAddress).host()).isEqualTo(host);
    }

    @Test
    void interfaceStandsForItsIpv4Address() throws Exception {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        String name = NetworkInterface.getByInetAddress(loopback).getName();

        assertThat(settings("tcp://" + name).host()).isEqualTo("127.0.0.1");
    }

    private static GatewaySettings settings(String listenAddress) {
        return new GatewaySettings(
                new GatewayConfig(
                        listenAddress,
                        0,
                        0,
                        false,
                        CryptoChoice.JAVA,
                        1,
                        new GatewayConfig.Connections(10, 10),
                        MessageLimits.DEFAULT),
                Optional.empty(),
                Duration.ofSeconds(10));
    }
}
