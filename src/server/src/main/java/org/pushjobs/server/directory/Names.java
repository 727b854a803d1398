package org.pushjobs.server.directory;

import java.util.regex.Pattern;
import org.pushjobs.server.ServerException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The names that the directory takes. They appear in URLs and in headers. */
public final class Names {
    private static final Pattern ORGANISATION = Pattern.compile("[a-z0-9][a-z0-9_-]{0,254}");
    private static final Pattern OTHER = Pattern.compile("[A-Za-z0-9._:@-]{1,255}");

    private Names() {}

    /** What the Chef server's proxy passes on to us: lower-case letters, digits, {@code _} and {@code -}. */
    static final class OrganisationName implements ITypeConverter<String> {
        @Override
        public String convert(String name) {
            return check(ORGANISATION, name, "lower-case letters, digits, '_' and '-', the first a letter or digit");
        }
    }

    /** Of a user, client or group. */
    static final class Name implements ITypeConverter<String> {
        @Override
        public String convert(String name) {
            return check(OTHER, name, "letters, digits and . _ : @ -");
        }
    }

    /** @throws ServerException when it is none */
    public static String checkOrganisation(String name) {
        return checked(new OrganisationName(), name);
    }

    /** @throws ServerException when it is none */
    public static String checkOther(String name) {
        return checked(new Name(), name);
    }

    private static String checked(ITypeConverter<String> rule, String name) {
        try {
            return rule.convert(name);
        } catch (Exception e) {
            throw new ServerException(400, e.getMessage());
        }
    }

    private static String check(Pattern pattern, String name, String allowed) {
        if (name == null || !pattern.matcher(name).matches()) {
            throw new TypeConversionException("'" + name + "' is not a name: 1 to 255 " + allowed);
        }
        return name;
    }
}
