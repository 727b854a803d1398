package org.pushjobs.zmtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.pushjobs.zmtp.wire.ProtocolException;

class SubscriptionsTest {
    private final Subscriptions subscriptions = new Subscriptions(2);

    @Test
    void prefixesMatchAndTheEmptyOneMatchesAll() throws Exception {
        assertThat(subscriptions.match(bytes("a"))).isFalse();
        subscriptions.add(bytes("ab"));
        assertThat(subscriptions.match(bytes("a"))).isFalse();
        assertThat(subscriptions.match(bytes("ab"))).isTrue();
        assertThat(subscriptions.match(bytes("abc"))).isTrue();
        subscriptions.add(new byte[0]);
        assertThat(subscriptions.match(bytes("x"))).isTrue();
        assertThat(subscriptions.match(new byte[0])).isTrue();
    }

    @Test
    void oneThatWasAddedTwiceIsGoneWhenItIsRemovedOnce() throws Exception {
        subscriptions.add(bytes("a"));
        subscriptions.add(bytes("a"));
        subscriptions.remove(bytes("a"));
        subscriptions.remove(bytes("never added"));
        assertThat(subscriptions.match(bytes("a"))).isFalse();
    }

    @Test
    void thereIsABound() throws Exception {
        subscriptions.add(bytes("a"));
        subscriptions.add(bytes("b"));
        subscriptions.add(bytes("a"));
        assertThatThrownBy(() -> subscriptions.add(bytes("c"))).isInstanceOf(ProtocolException.class);
        subscriptions.remove(bytes("a"));
        assertThatThrownBy(() -> subscriptions.add(new byte[256])).isInstanceOf(ProtocolException.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
