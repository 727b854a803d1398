package org.pushjobs.rubyconfig;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Values that come as JSON. Usable from any thread. */
public final class JsonValues {
    private JsonValues() {}

    /**
     * The value of a node and of what is in it.
     *
     * @param objects what a JSON object stands for, which is not the same everywhere
     */
    public static RubyValue of(JsonNode node, Function<JsonNode, RubyValue> objects) {
        return switch (node.getNodeType()) {
            case NULL, MISSING, BINARY, POJO -> new RubyValue.Nil();
            case BOOLEAN -> new RubyValue.Bool(node.booleanValue());
            case NUMBER ->
                node.isIntegralNumber()
                        ? new RubyValue.Int(node.bigIntegerValue())
                        : new RubyValue.Decimal(node.doubleValue());
            case STRING -> new RubyValue.Text(node.textValue());
            case ARRAY -> {
                List<RubyValue> items = new ArrayList<>();
                node.forEach(item -> items.add(of(item, objects)));
                yield new RubyValue.Array(items);
            }
            case OBJECT -> objects.apply(node);
        };
    }
}
