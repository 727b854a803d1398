package org.pushjobs.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.pushjobs.server.testing.ApiContract;

/** That openapi.yaml has all that is served and nothing else; every other test that sends requests checks the answers. */
class OpenApiIT {
    @Test
    void everyRouteIsDescribedAndEveryOperationIsServed() throws Exception {
        Set<String> described = new TreeSet<>(ApiContract.get().operations());
        Set<String> served;
        try (TestApi api = TestApi.start()) {
            served = served(api);
        }
        assertThat(served).isNotEmpty();
        assertThat(described).containsExactlyElementsOf(served);
    }

    /** Asks each resource, by a method that none has, which methods it has. */
    private static Set<String> served(TestApi api) throws Exception {
        Set<String> operations = new TreeSet<>();
        for (String path : api.paths()) {
            String allow = new TestRequest("TRACK", path.replace(":", "some-"))
                    .send(api)
                    .header("Allow");
            for (String method : allow.split(", ")) {
                operations.add(method + " " + path.replaceAll(":[a-z]+", "{}"));
            }
        }
        return operations;
    }
}
