package org.pushjobs.zmtp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.ProtocolException;

/** What one peer of a PUB wants: messages whose first frame begins with one of these. A set, as in libzmq. */
final class Subscriptions {
    private static final int MAX_PREFIX = 255;

    private final int max;
    private final List<byte[]> prefixes = new ArrayList<>(0);

    Subscriptions(int max) {
        this.max = max;
    }

    void add(byte[] prefix) throws ProtocolException {
        if (indexOf(prefix) >= 0) {
            return;
        }
        if (prefixes.size() == max || prefix.length > MAX_PREFIX) {
            throw new ProtocolException(
                    CloseReason.TOO_MANY_SUBSCRIPTIONS,
                    "more than " + max + " subscriptions, or one of more than " + MAX_PREFIX + " bytes");
        }
        prefixes.add(prefix);
    }

    void remove(byte[] prefix) {
        int index = indexOf(prefix);
        if (index >= 0) {
            prefixes.remove(index);
        }
    }

    boolean match(byte[] firstFrame) {
        for (int i = 0; i < prefixes.size(); i++) {
            byte[] prefix = prefixes.get(i);
            if (prefix.length <= firstFrame.length
                    && Arrays.equals(prefix, 0, prefix.length, firstFrame, 0, prefix.length)) {
                return true;
            }
        }
        return false;
    }

    private int indexOf(byte[] prefix) {
        for (int i = 0; i < prefixes.size(); i++) {
            if (Arrays.equals(prefixes.get(i), prefix)) {
                return i;
            }
        }
        return -1;
    }
}
