package org.pushjobs.server.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * The real parts of several servers, gateways and terms, on a virtual clock and a virtual network in one process, while everything
 * goes wrong that may (cluster.md, "What must hold, whatever fails"). What happens follows from the seed alone; {@link Checker} says
 * what must hold. {@link #main} shows one seed again.
 */
class SimulatedClusterTest {
    private static final long SEEDS = 3_000;
    private static final long SEEDS_OF_A_NIGHT = 100_000;
    /** Among so many one must show a planted fault. */
    private static final long SEEDS_WITH_A_PLANT = 4_000;

    private static final int LAST_LINES = 60;
    private static final int MOST_SHOWN = 3;

    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("org.pushjobs");
    private static final Collection<String> ERRORS = new ConcurrentLinkedQueue<>();
    private static final Errors APPENDER = new Errors();
    private static Level levelBefore;

    private static final class Errors extends AppenderBase<ILoggingEvent> {
        /** What happens to live jobs is not stored by a term that is over; it belongs to the next one. */
        private static final String TERM_IS_OVER = "what happens to the live jobs is not stored any more: {}";

        @Override
        protected void append(ILoggingEvent event) {
            if (!event.getMessage().equals(TERM_IS_OVER)) {
                ERRORS.add(event.getFormattedMessage());
            }
        }
    }

    @BeforeAll
    static void listenToErrorsOnly() {
        levelBefore = LOGGER.getLevel();
        LOGGER.setLevel(Level.ERROR);
        LOGGER.setAdditive(false);
        APPENDER.setContext(LOGGER.getLoggerContext());
        APPENDER.start();
        LOGGER.addAppender(APPENDER);
    }

    @AfterAll
    static void logAgain() {
        LOGGER.detachAppender(APPENDER);
        LOGGER.setAdditive(true);
        LOGGER.setLevel(levelBefore);
    }

    @Test
    void whatMustHoldHoldsWhateverFails() {
        live(0, SEEDS);
    }

    @Test
    @Tag("load")
    void whatMustHoldHoldsInManyMoreWorlds() {
        live(SEEDS, SEEDS + SEEDS_OF_A_NIGHT);
    }

    private static void live(long from, long to) {
        ERRORS.clear();
        List<String> bad = LongStream.range(from, to)
                .parallel()
                .mapToObj(seed -> Simulation.run(seed, Set.of()))
                .filter(outcome -> !outcome.isGood())
                .limit(MOST_SHOWN)
                .map(outcome -> outcome.describe(LAST_LINES))
                .toList();

        assertThat(bad).isEmpty();
        assertThat(ERRORS).isEmpty();
    }

    @Test
    void sameSeedGivesTheSameHistory() {
        for (long seed = 0; seed < 50; seed++) {
            List<String> once = Simulation.run(seed, Set.of()).history().lines();
            List<String> again = Simulation.run(seed, Set.of()).history().lines();

            assertThat(again).isEqualTo(once);
        }
    }

    /** A checker that sees nothing is worth nothing. */
    @ParameterizedTest
    @EnumSource(Plant.class)
    void checkerSeesWhatWasPlanted(Plant plant) {
        Optional<Simulation.Outcome> seen = LongStream.range(0, SEEDS_WITH_A_PLANT)
                .parallel()
                .mapToObj(seed -> Simulation.run(seed, Set.of(plant)))
                .filter(outcome ->
                        outcome.violations().stream().anyMatch(violation -> violation.invariant() == plant.broken()))
                .findAny();

        assertThat(seen).isPresent();
    }

    /**
     * Shows all that happens in one world.
     *
     * @param arguments its seed, and the names of what is {@linkplain Plant planted}
     */
    public static void main(String[] arguments) {
        listenToErrorsOnly();
        Set<Plant> plants =
                Set.copyOf(Arrays.stream(arguments).skip(1).map(Plant::valueOf).toList());
        System.out.println(Simulation.run(Long.parseLong(arguments[0]), plants, World.Detail.EVERYTHING)
                .describe(Integer.MAX_VALUE));
    }
}
