package org.pushjobs.packager;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.eclipse.packager.rpm.RpmTag;
import org.eclipse.packager.rpm.RpmTagValue;
import org.eclipse.packager.rpm.header.Header;

/** What an RPM file asks for, as it stands in its header: RPM wants it sorted, and the bytes are to be the same each time. */
record Requirements(List<Requirement> all) {
    /** The library forgets that this is a feature of RPM itself; RPM then looks for a package of that name. */
    private static final String FEATURE = "PayloadIsZstd";

    private static final Comparator<Requirement> ORDER = Comparator.comparing(Requirement::name)
            .thenComparing(Requirement::version)
            .thenComparing(Requirement::flags);

    /** @param flags what the version and the requirement are about, in RPM's bits */
    record Requirement(String name, String version, int flags) {}

    Requirements {
        all = all.stream().sorted(ORDER).toList();
    }

    static Requirements of(Header<RpmTag> header) {
        String[] names = (String[]) value(header, RpmTag.REQUIRE_NAME);
        String[] versions = (String[]) value(header, RpmTag.REQUIRE_VERSION);
        int[] flags = (int[]) value(header, RpmTag.REQUIRE_FLAGS);
        List<Requirement> all = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            all.add(new Requirement(names[i], Objects.requireNonNullElse(versions[i], ""), flags[i]));
        }
        return new Requirements(all);
    }

    private static Object value(Header<RpmTag> header, RpmTag tag) {
        Object value = header.get(tag);
        return value instanceof RpmTagValue wrapped ? wrapped.getValue() : value;
    }

    Requirements corrected() {
        return new Requirements(all.stream()
                .map(one -> one.name().equals(FEATURE)
                        ? new Requirement("rpmlib(" + FEATURE + ")", one.version(), one.flags())
                        : one)
                .toList());
    }

    void write(Header<RpmTag> header) {
        header.putStringArray(
                RpmTag.REQUIRE_NAME, all.stream().map(Requirement::name).toArray(String[]::new));
        header.putStringArray(
                RpmTag.REQUIRE_VERSION, all.stream().map(Requirement::version).toArray(String[]::new));
        header.putInt(
                RpmTag.REQUIRE_FLAGS, all.stream().mapToInt(Requirement::flags).toArray());
    }
}
