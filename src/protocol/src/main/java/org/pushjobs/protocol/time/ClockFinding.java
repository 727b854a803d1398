package org.pushjobs.protocol.time;

import java.time.Duration;
import java.util.Locale;

/** What a {@link SteadyClock} found when it was held against the machine's clock, and is worth a line in the log. */
public sealed interface ClockFinding {
    /** For people: what is the case, and why. */
    String message();

    /** @param ahead of the machine's clock, negative when it was set back */
    record Jumped(Duration ahead) implements ClockFinding {
        @Override
        public String message() {
            return "the machine's clock has jumped, it is not followed unless others say the same [by: "
                    + seconds(ahead) + "]";
        }
    }

    /**
     * @param witness who says otherwise
     * @param said how far the median of their clocks is ahead of the time that is kept
     */
    record NotBelieved(Duration ahead, String witness, int clocks, Duration said) implements ClockFinding {
        @Override
        public String message() {
            return "the machine's clock is not believed, set it right [ahead by: " + seconds(ahead) + ", " + witness
                    + " say: " + seconds(said) + ", clocks: " + clocks + "]";
        }
    }

    /** @param witness who says the same */
    record Believed(Duration by, String witness, int clocks) implements ClockFinding {
        @Override
        public String message() {
            return "the jump of the machine's clock is believed [by: " + seconds(by) + ", because the same is said by: "
                    + witness + ", clocks: " + clocks + "]";
        }
    }

    /** Nobody was there who could have been asked. */
    record Followed(Duration by) implements ClockFinding {
        @Override
        public String message() {
            return "the machine's clock is followed, nobody is there to ask [by: " + seconds(by) + "]";
        }
    }

    /** The machine's clock shows again what it should. */
    record Returned() implements ClockFinding {
        @Override
        public String message() {
            return "the machine's clock has come back to the time that was kept";
        }
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%+.1f s", time.toMillis() / 1_000.0);
    }
}
