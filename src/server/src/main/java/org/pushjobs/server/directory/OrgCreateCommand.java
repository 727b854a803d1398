package org.pushjobs.server.directory;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code org-create NAME} */
@Command(name = "org-create", description = "Creates an organisation and its group 'admins'.")
final class OrgCreateCommand implements Callable<Integer> {
    private static final int GUID_BYTES = 16;

    @ParentCommand
    private DirectoryCommand directory;

    @Parameters(paramLabel = "NAME", converter = Names.OrganisationName.class)
    private String name;

    @Override
    public Integer call() {
        byte[] random = new byte[GUID_BYTES];
        new SecureRandom().nextBytes(random);
        String guid = HexFormat.of().formatHex(random);
        return directory.execute(store ->
                store.createOrganisation(name, guid).map("created organisation '" + name + "' [guid: " + guid + "]"));
    }
}
