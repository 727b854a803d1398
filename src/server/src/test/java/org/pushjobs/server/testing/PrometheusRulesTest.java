package org.pushjobs.server.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrometheusRulesTest {
    @Test
    void whatIsAsItShouldBeIsNotComplainedOf() {
        assertThat(PrometheusRules.violations("""
                        # HELP app_requests_duration_seconds how long they took
                        # TYPE app_requests_duration_seconds histogram
                        app_requests_duration_seconds_bucket{path="/a,\\"b\\"",le="0.5"} 1
                        app_requests_duration_seconds_bucket{path="/a,\\"b\\"",le="+Inf"} 2
                        app_requests_duration_seconds_count{path="/a,\\"b\\""} 2
                        app_requests_duration_seconds_sum{path="/a,\\"b\\""} 1.5
                        # HELP app_requests_duration_seconds_max the longest
                        # TYPE app_requests_duration_seconds_max gauge
                        app_requests_duration_seconds_max NaN
                        # HELP app_build_info what runs
                        # TYPE app_build_info gauge
                        app_build_info{version="1"} 1
                        # HELP app_errors_total errors
                        # TYPE app_errors_total counter
                        app_errors_total 0.0
                        """)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            app_errors             | counter | app_errors is a counter: counters end in _total, and nothing else does
            app_errors_total       | gauge   | app_errors_total is a gauge: counters end in _total, and nothing else does
            app_lag_milliseconds   | gauge   | app_lag_milliseconds: milliseconds is no base unit
            app_cpu_ns_total       | counter | app_cpu_ns_total: ns is no base unit
            app_seconds_lag        | gauge   | app_seconds_lag: the unit is not at the end
            app_size_gauge         | gauge   | app_size_gauge has its type in its name
            appSize                | gauge   | appSize is not in lower snake case
            app:size               | gauge   | app:size is not in lower snake case
            app_jobs_count         | gauge   | app_jobs_count has an ending that only histograms and summaries have
            """)
    void eachBrokenRuleIsTold(String name, String type, String violation) {
        assertThat(PrometheusRules.violations("# HELP %s text\n# TYPE %s %s\n%s 1\n".formatted(name, name, type, name)))
                .containsExactly(violation);
    }

    @Test
    void helpTypeAndLabelsAreLookedAt() {
        assertThat(PrometheusRules.violations("""
                        # TYPE app_a gauge
                        app_a{userName="x"} 1
                        app_a{le="1"} 1
                        app_a{le="1"} 2
                        app_b 1
                        # TYPE app_a gauge
                        """))
                .containsExactly(
                        "app_a: the label userName is not in lower snake case",
                        "app_a: the label le belongs to another type",
                        "app_a{le=\"1\"} is there twice",
                        "app_a: the label le belongs to another type",
                        "app_b has no type",
                        "app_a is there twice",
                        "app_a has no help text");
    }
}
