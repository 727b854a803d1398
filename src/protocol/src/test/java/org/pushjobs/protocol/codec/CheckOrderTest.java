package org.pushjobs.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A message with several faults is refused for the first one in the order of wire-protocol.md, "Validation order". */
class CheckOrderTest {
    /** In the order in which they have to be found. */
    private enum Fault {
        HEADER_TOO_LONG(RejectionReason.HEADER_TOO_LONG) {
            @Override
            void spoil(AgentFrame frame) {
                frame.headerTail = ";" + "x".repeat(MessageLimits.MAX_HEADER_SIZE_BYTES);
            }
        },
        BODY_TOO_LONG(RejectionReason.BODY_TOO_LONG) {
            @Override
            void spoil(AgentFrame frame) {
                frame.fields.put("client", "x".repeat(MessageLimits.DEFAULT.maxBodySizeBytes()));
            }
        },
        OTHER_VERSION(RejectionReason.BAD_HEADER) {
            @Override
            void spoil(AgentFrame frame) {
                frame.version = "3.0";
            }
        },
        TEXT_AFTER_THE_JSON(RejectionReason.BAD_JSON) {
            @Override
            void spoil(AgentFrame frame) {
                frame.bodyTail = "x";
            }
        },
        NO_SEQUENCE(RejectionReason.BAD_FIELD) {
            @Override
            void spoil(AgentFrame frame) {
                frame.fields.remove("sequence");
            }
        },
        OTHER_TYPE(RejectionReason.UNKNOWN_TYPE) {
            @Override
            void spoil(AgentFrame frame) {
                frame.fields.put("type", "ready");
            }
        },
        NOT_ITS_NODE(RejectionReason.WRONG_NODE) {
            @Override
            void spoil(AgentFrame frame) {
                frame.keys = _ -> {
                    throw new RejectedMessageException(RejectionReason.WRONG_NODE, "the connection is another node's");
                };
            }
        },
        OTHER_KEY(RejectionReason.BAD_SIGNATURE) {
            @Override
            void spoil(AgentFrame frame) {
                frame.signedWith = AgentFrame.OTHER_KEY;
            }
        },
        OLD(RejectionReason.CLOCK_SKEW) {
            @Override
            void spoil(AgentFrame frame) {
                frame.fields.put("timestamp", HttpDate.format(AgentFrame.NOW.minusSeconds(301)));
            }
        };

        private final RejectionReason reason;

        Fault(RejectionReason reason) {
            this.reason = reason;
        }

        abstract void spoil(AgentFrame frame);
    }

    static Stream<Set<Fault>> combinationsOfFaults() {
        return IntStream.range(1, 1 << Fault.values().length).mapToObj(bits -> {
            Set<Fault> faults = EnumSet.noneOf(Fault.class);
            for (Fault fault : Fault.values()) {
                if ((bits >> fault.ordinal() & 1) == 1) {
                    faults.add(fault);
                }
            }
            return faults;
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("combinationsOfFaults")
    void firstFaultIsTheReason(Set<Fault> faults) {
        // given
        AgentFrame frame = new AgentFrame();
        faults.forEach(fault -> fault.spoil(frame));

        // when
        RejectedMessageException rejection = catchThrowableOfType(RejectedMessageException.class, frame::read);

        // then
        assertThat(rejection.reason()).isEqualTo(faults.iterator().next().reason);
    }

    @Test
    void reasonsAreListedInTheOrderOfTheChecks() {
        assertThat(Stream.of(Fault.values()).map(fault -> fault.reason)).isSorted();
    }
}
