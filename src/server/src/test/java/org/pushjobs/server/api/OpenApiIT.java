package org.pushjobs.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
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

    @Test
    void anybodyGetsTheDocument() throws Exception {
        try (TestApi api = TestApi.start()) {
            api.ready = false;

            TestRequest.Answer answer = TestRequest.get("/openapi.yaml").send(api);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Content-Type")).isEqualTo("application/yaml");
            assertThat(answer.body()).startsWith("openapi: 3.1.0\n").endsWith("\n");
            assertThat(answer.response().headers().firstValueAsLong("Content-Length"))
                    .hasValue(answer.body().getBytes(StandardCharsets.UTF_8).length);
            assertThat(new TestRequest("POST", "/openapi.yaml").send(api).status())
                    .isEqualTo(405);
        }
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
