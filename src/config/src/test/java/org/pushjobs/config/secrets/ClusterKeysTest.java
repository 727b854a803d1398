package org.pushjobs.config.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClusterKeysTest {
    @Test
    void theKeysDifferFromEachOtherAndBetweenClusters() {
        ClusterKeys keys = new ClusterKeys(new byte[32]);
        ClusterKeys same = new ClusterKeys(new byte[32]);
        ClusterKeys others = new ClusterKeys(new byte[33]);

        assertThat(keys.members()).hasSize(ClusterKeys.LENGTH_BYTES).isEqualTo(same.members());
        assertThat(keys.busSeed()).hasSize(ClusterKeys.LENGTH_BYTES).isEqualTo(same.busSeed());
        assertThat(keys.members()).isNotEqualTo(keys.busSeed()).isNotEqualTo(others.members());
        assertThat(keys.busSeed()).isNotEqualTo(others.busSeed());
        assertThat(keys.toString()).startsWith(ClusterKeys.class.getName());
    }
}
