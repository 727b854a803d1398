package org.pushjobs.simulator.bench.table;

/**
 * What a value has to be.
 *
 * @param must what has to be reached
 * @param aim what is hoped for
 */
public record Goal(Direction direction, double must, double aim) {
    /** On which side of the limit the good values are. */
    public enum Direction {
        AT_MOST("≤ "),
        AT_LEAST("≥ ");

        private final String sign;

        Direction(String sign) {
            this.sign = sign;
        }
    }

    public boolean isReached(double value) {
        return fits(value, must);
    }

    public boolean isAimReached(double value) {
        return fits(value, aim);
    }

    private boolean fits(double value, double limit) {
        return switch (direction) {
            case AT_MOST -> value <= limit;
            case AT_LEAST -> value >= limit;
        };
    }

    /** How many times better than the other value this one is; below 1 it is worse. */
    public double timesBetter(double value, double than) {
        return switch (direction) {
            case AT_MOST -> than / value;
            case AT_LEAST -> value / than;
        };
    }

    /** A limit for people, with the unit's form of the number. */
    public String text(Row.Unit unit, double limit) {
        return direction.sign + unit.text(limit);
    }
}
