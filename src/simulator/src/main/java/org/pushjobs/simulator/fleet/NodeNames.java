package org.pushjobs.simulator.fleet;

/**
 * Names of simulated nodes: {@code sim-00001} and so on.
 *
 * @param first number in the names, so that several processes can share the nodes of an organisation
 */
public record NodeNames(String prefix, int first) {
    public static final String DEFAULT_PREFIX = "sim-";

    /** @param index of the node in the fleet, from 0 */
    public String name(int index) {
        return "%s%05d".formatted(prefix, first + index);
    }
}
