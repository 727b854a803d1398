package org.pushjobs.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.server.directory.Principal;
import org.pushjobs.server.testing.Await;

/** A server whose directory is a Chef server's changes nothing there. */
class ForeignDirectoryIT {
    private static final KeyPair ALICE = PemKeys.generate();
    private static final String USER = "/organizations/acme/pushy/directory/users/bob";

    @Test
    void adminIsToldWhereTheDirectoryIs() throws Exception {
        try (TestApi api = TestApi.start()) {
            api.addMember("alice", Principal.Type.USER, ALICE);
            assertThat(new TestRequest("DELETE", USER)
                            .sign("alice", ALICE)
                            .send(api)
                            .status())
                    .as("who is no admin")
                    .isEqualTo(403);
            api.admins.add("alice");

            var answer = new TestRequest("DELETE", USER).sign("alice", ALICE).send(api);

            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.body()).contains("this server has no directory of its own");
            Await.until("both are audited", () -> api.audited.size() == 2);
            assertThat(api.audited).allSatisfy(row -> assertThat(row.action()).isEqualTo("directory_user_delete"));
            assertThat(api.audited.getLast().job().command()).contains("user-delete bob");
        }
    }
}
