package org.pushjobs.simulator.bench.bed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobRunnerTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`{\"status\": \"complete\", \"nodes\": {\"succeeded\": [\"a\", \"b\"]}}`, `complete, 2 succeeded`",
                "`{\"status\": \"complete\", \"nodes\": {\"succeeded\": [\"a\"], \"crashed\": [\"b\", \"c\"]}}`,"
                        + " `complete, 1 succeeded, 2 crashed (b, c)`",
                "`{\"status\": \"quorum_failed\", \"nodes\": {\"nacked\": [\"1\", \"2\", \"3\", \"4\", \"5\", \"6\"]}}`,"
                        + " `quorum_failed, 6 nacked (1, 2, 3, 4, 5, …)`",
            })
    void jobThatFailedIsSummedUp(String job, String summary) throws Exception {
        assertThat(JobRunner.summary(new ObjectMapper().readTree(job))).isEqualTo(summary);
    }
}
