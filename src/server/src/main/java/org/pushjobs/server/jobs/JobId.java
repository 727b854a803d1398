package org.pushjobs.server.jobs;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Makes job ids: the last 12 digits of the organisation's guid, then 20 random hex digits (rest-api.md, "POST jobs"). */
final class JobId {
    private static final int GUID_DIGITS = 12;
    private static final int RANDOM_BYTES = 10;
    private static final SecureRandom RANDOM = new SecureRandom();

    private JobId() {}

    static String next(String orgGuid) {
        byte[] random = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(random);
        return orgGuid.substring(orgGuid.length() - GUID_DIGITS)
                + HexFormat.of().formatHex(random);
    }
}
