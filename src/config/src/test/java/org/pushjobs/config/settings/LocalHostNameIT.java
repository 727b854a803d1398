package org.pushjobs.config.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import org.junit.jupiter.api.Test;

/** Asks this machine's resolver. */
class LocalHostNameIT {
    @Test
    void theNameIsOneThatMayBeAdvertised() throws Exception {
        String name = LocalHostName.find();

        assertThat(Settings.SERVER_NAME_ADVERTISED.form().parse(TextNode.valueOf(name)))
                .isEqualTo(name);
    }
}
