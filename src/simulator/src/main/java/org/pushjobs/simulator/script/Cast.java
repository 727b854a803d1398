package org.pushjobs.simulator.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who plays what when a job's command is no script: shares of the fleet, in order, each with its script; the rest succeeds.
 * Immutable.
 */
public final class Cast {
    private static final String FORM = "is not SCRIPT or SCRIPT=SHARE";

    /** @param share of the fleet, above 0 to 1 */
    private record Role(Script script, double share) {}

    private final List<Role> roles;

    private Cast(List<Role> roles) {
        this.roles = List.copyOf(roles);
    }

    /**
     * @param texts {@code SCRIPT} or {@code SCRIPT=SHARE}, for example {@code "slow:5 fail=0.1"}
     * @throws IllegalArgumentException says which text is wrong
     */
    public static Cast parse(List<String> texts) {
        List<Role> roles = new ArrayList<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            String script = equals < 0 ? text : text.substring(0, equals);
            double share = equals < 0 ? 1 : share(text, text.substring(equals + 1));
            roles.add(new Role(
                    Script.parse(script)
                            .orElseThrow(() -> new IllegalArgumentException(
                                    "'" + text + "' " + FORM + "; the words of a script are: " + Script.GRAMMAR)),
                    share));
        }
        return new Cast(roles);
    }

    private static double share(String text, String number) {
        double share;
        try {
            share = Double.parseDouble(number);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' " + FORM);
        }
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("the share in '" + text + "' is not above 0 and at most 1");
        }
        return share;
    }

    /**
     * The script of an agent for jobs whose command is none.
     *
     * @param index from 0
     * @param nodes size of the fleet
     */
    public Script scriptOf(int index, int nodes) {
        double upTo = 0;
        for (Role role : roles) {
            upTo += role.share() * nodes;
            if (index < Math.round(upTo)) {
                return role.script();
            }
        }
        return Script.SUCCEED;
    }

    /** What an agent does about a job: what the command says, else what it plays. */
    public static Script of(String command, Script part) {
        Optional<Script> said = Script.parse(command);
        return said.orElse(part);
    }
}
