package org.pushjobs.server.directory;

import org.pushjobs.server.store.KeyHolder;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Whose keys a command is about. */
final class HolderOptions {
    @ArgGroup(multiplicity = "1")
    private Choice choice;

    private static final class Choice {
        @Option(names = "--user", paramLabel = "NAME", required = true, converter = Names.Name.class)
        private String user;

        @Option(
                names = "--client",
                paramLabel = "ORG/NAME",
                required = true,
                converter = ClientName.class,
                description = "A client of this organisation.")
        private KeyHolder.Client client;
    }

    static final class ClientName implements ITypeConverter<KeyHolder.Client> {
        @Override
        public KeyHolder.Client convert(String text) {
            String[] parts = text.split("/", -1);
            if (parts.length != 2) {
                throw new TypeConversionException("'" + text + "' is no client: ORG/NAME is wanted");
            }
            return new KeyHolder.Client(
                    new Names.OrganisationName().convert(parts[0]), new Names.Name().convert(parts[1]));
        }
    }

    KeyHolder holder() {
        return choice.user == null ? choice.client : new KeyHolder.User(choice.user);
    }
}
