package org.pushjobs.agent.settings;

import java.util.Optional;
import java.util.Set;

/** Which environment variables a job may set. */
public sealed interface JobVariables {
    /** The default. */
    JobVariables HARMLESS = new AllButDangerous(Set.of());

    /** The named ones; all others reach the command as {@code CHEF_PUSH_ENV_<name>}, which no program looks at. */
    record Only(Set<String> names) implements JobVariables {
        public Only {
            names = Set.copyOf(names);
        }
    }

    /**
     * All but {@link DangerousVariables}; a job that sets one of those is refused.
     *
     * @param exceptions dangerous ones that may be set nevertheless
     */
    record AllButDangerous(Set<String> exceptions) implements JobVariables {
        public AllButDangerous {
            exceptions = Set.copyOf(exceptions);
        }
    }

    /** All, as the original agent has it: who starts jobs can run anything. */
    record All() implements JobVariables {}

    /** The name by which a variable of a job reaches the command. */
    default String nameFor(String name) {
        return switch (this) {
            case Only(var names) -> names.contains(name) ? name : "CHEF_PUSH_ENV_" + name;
            case AllButDangerous _, All _ -> name;
        };
    }

    /** Why a job that sets this variable is refused, for people: {@code it …}; empty when it is not. */
    default Optional<String> danger(String name, String value) {
        return switch (this) {
            case Only _, All _ -> Optional.empty();
            case AllButDangerous(var exceptions) -> {
                if (exceptions.contains(name)) {
                    yield Optional.empty();
                }
                // Old shells took any variable of this form for a function, and ran what followed it.
                yield value.startsWith("()")
                        ? Optional.of("its value has the form of a shell function")
                        : DangerousVariables.of(name).map(DangerousVariables::reason);
            }
        };
    }
}
