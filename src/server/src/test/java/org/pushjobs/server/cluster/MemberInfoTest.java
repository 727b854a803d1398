package org.pushjobs.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pushjobs.config.ServerRole;

class MemberInfoTest {
    private static final MemberInfo FRONTEND = new MemberInfo("frontend", "4.0.0", "process-2", Set.of(ServerRole.API));

    @Test
    void whatIsToldIsUnderstood() {
        MemberInfo backend =
                new MemberInfo("backend", "4.0.0", "process-1", Set.of(ServerRole.GATEWAY, ServerRole.COORDINATOR));

        assertThat(MemberInfo.of(backend.attributes())).isEqualTo(backend);
        assertThat(MemberInfo.of(FRONTEND.attributes())).isEqualTo(FRONTEND);
        assertThat(backend.gateway()).contains("process-1");
        assertThat(FRONTEND.gateway()).isEmpty();
    }

    @Test
    void whatAnotherVersionSaysBesidesIsPassedOver() {
        Map<String, String> attributes = new HashMap<>(FRONTEND.attributes());
        attributes.put("pushjobs.mood", "good");
        attributes.compute("pushjobs.roles", (_, roles) -> roles + ",JUGGLER");

        assertThat(MemberInfo.of(attributes)).isEqualTo(FRONTEND);
        assertThat(MemberInfo.of(Map.of())).isEqualTo(new MemberInfo("", "", "", Set.of()));
    }
}
