package org.pushjobs.server.facts;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Which term there is, as far as this process has heard. Terms tell that they are there every second or more often; what was
 * not heard for {@value #SILENT_SECONDS} s is not there any more. Usable from any thread.
 */
public final class TermLocation {
    private static final long SILENT_SECONDS = 5;

    private final LongSupplier nanos;
    private final AtomicReference<Heard> heard;

    private record Heard(long epoch, long atNanos, boolean gone) {}

    /** @param nanos monotonic time */
    public TermLocation(LongSupplier nanos) {
        this.nanos = Objects.requireNonNull(nanos, "nanos");
        this.heard = new AtomicReference<>(new Heard(0, nanos.getAsLong(), true));
    }

    /** A term is there. One that was followed by another one does not count any more. */
    public void heard(TermBeat beat) {
        Heard now = new Heard(beat.epoch(), nanos.getAsLong(), false);
        heard.updateAndGet(before -> beat.epoch() >= before.epoch() ? now : before);
    }

    /** It does not answer. It may be heard again. */
    public void gone(long epoch) {
        heard.updateAndGet(before -> before.epoch() == epoch ? new Heard(epoch, before.atNanos(), true) : before);
    }

    /** The epoch of the term that is there. */
    public Optional<Long> current() {
        Heard now = heard.get();
        boolean silent = nanos.getAsLong() - now.atNanos() > TimeUnit.SECONDS.toNanos(SILENT_SECONDS);
        return now.gone() || silent ? Optional.empty() : Optional.of(now.epoch());
    }
}
