package org.pushjobs.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.cluster.Address;
import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.impl.MemberImpl;
import com.hazelcast.config.SerializationConfig;
import com.hazelcast.core.MemberLeftException;
import com.hazelcast.internal.serialization.InternalSerializationService;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import com.hazelcast.version.MemberVersion;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AnsweredFailuresTest {
    private final InternalSerializationService serialization = new DefaultSerializationServiceBuilder()
            .setConfig(new SerializationConfig().setJavaSerializationFilterConfig(AnsweredFailures.filter()))
            .build();

    @AfterEach
    void dispose() {
        serialization.dispose();
    }

    private <T> T sent(T value) {
        return serialization.toObject(serialization.toData(value));
    }

    static Stream<String> failuresOfHazelcast() {
        return Stream.of(AnsweredFailures.OF_HAZELCAST);
    }

    @ParameterizedTest
    @MethodSource("failuresOfHazelcast")
    void failuresOfHazelcastArrive(String name) throws Exception {
        Throwable failure = failure(Class.forName(name).asSubclass(Throwable.class));
        failure.addSuppressed(new IllegalStateException("in between"));

        Throwable arrived = sent(failure);

        assertThat(arrived).isExactlyInstanceOf(failure.getClass()).hasMessage(failure.getMessage());
        assertThat(arrived.getSuppressed()).hasSize(1);
        assertThat(arrived.getStackTrace()).isNotEmpty();
    }

    private static Throwable failure(Class<? extends Throwable> type) throws Exception {
        if (type != MemberLeftException.class) {
            return type.getConstructor(String.class).newInstance("why");
        }
        Member member = new MemberImpl.Builder(new Address("127.0.0.1", 10_005))
                .version(MemberVersion.of("5.3.8"))
                .uuid(UUID.randomUUID())
                .build();
        return new MemberLeftException(member);
    }

    @Test
    void failuresOfJavaArriveWithTheirCause() {
        Throwable arrived = sent(new RuntimeException("outside", new UnsupportedOperationException("inside")));

        assertThat(arrived).hasMessage("outside").hasCauseExactlyInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void nothingElseDoes() {
        for (Object other :
                List.of(new Canary.Gadget(), new Foreign(), new RuntimeException("outside", new Foreign()))) {
            assertThatThrownBy(() -> sent(other)).hasRootCauseInstanceOf(SecurityException.class);
        }
    }

    private static final class Foreign extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
