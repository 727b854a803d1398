package org.pushjobs.config.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pushjobs.config.ConfigurationDocument;

/** docs/configuration.md says what is in a file of secrets. */
class SecretsDocumentTest {
    @Test
    void theTableOfSecretsHasEveryFieldAndNoOther() {
        assertThat(ConfigurationDocument.read().rows("| Field | Holds |").stream()
                        .map(List::getFirst)
                        .toList())
                .containsExactlyElementsOf(SecretsFields.NAMES);
    }
}
