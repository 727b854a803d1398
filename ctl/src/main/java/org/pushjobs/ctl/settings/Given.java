package org.pushjobs.ctl.settings;

import com.fasterxml.jackson.databind.JsonNode;
import org.pushjobs.rubyconfig.EvaluatedFile.Place;

/**
 * A value in the add-on's file that is good for its attribute.
 *
 * @param written the attribute as it stands in the file
 */
record Given(String written, JsonNode value, Place place) {
    String text() {
        return value.asText();
    }

    boolean isTrue() {
        return text().equals("true");
    }
}
