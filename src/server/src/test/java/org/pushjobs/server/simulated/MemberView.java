package org.pushjobs.server.simulated;

import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.pushjobs.server.jobs.directory.Gateways;

/** Which gateways a process takes to be there: it learns up to some seconds late of those that come, go, or are cut off. */
final class MemberView implements Gateways {
    private static final int MOST_LATE_MILLIS = 6_000;

    private final World world;
    private final VirtualProcess process;
    private final SplittableRandom random;
    private Optional<Set<String>> known = Optional.empty();

    MemberView(World world, VirtualProcess process, SplittableRandom random) {
        this.world = world;
        this.process = process;
        this.random = random;
        process.soon(this::look);
    }

    private void look() {
        known = reachable();
        process.after(random.nextInt(MOST_LATE_MILLIS), this::look);
    }

    /** Empty while one is missing. */
    private Optional<Set<String>> reachable() {
        Set<String> ids = world.backends().stream()
                .filter(backend -> !world.network().isCut(process.host(), backend.host())
                        && !world.network().isCut(backend.host(), process.host()))
                .flatMap(backend -> backend.gateway().stream())
                .map(VirtualGateway::id)
                .collect(Collectors.toSet());
        return Optional.of(ids).filter(all -> all.size() == World.BACKENDS.size());
    }

    @Override
    public Optional<Set<String>> all() {
        return known;
    }
}
