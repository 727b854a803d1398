package org.pushjobs.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nothing but {@link FencedWrites} writes jobs and what belongs to them, and none of its statements does without the fence
 * (cluster.md). All sources of the server are read for that; what the statements do is shown by {@code FencedWritesIT}.
 */
class OnlyFencedWritesTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final String FENCED = "FencedSql.java";

    private static final String VERB =
            "\\b(?:insert\\s+into|update|delete\\s+from|merge\\s+into|copy|lock(?:\\s+table)?"
                    + "|truncate(?:\\s+table)?|alter\\s+table|drop\\s+table)\\s+(?:only\\s+)?";

    private static final Pattern WRITE = Pattern.compile(
            VERB + "(?:\"?\\w+\"?\\.)?\"?(?:" + String.join("|", FencedSql.TABLES) + ")\\b", Pattern.CASE_INSENSITIVE);

    /** Of a table that is put in later, nobody can say which. */
    private static final Pattern WRITE_OF_ANY_TABLE =
            Pattern.compile(VERB + "(?:\"\\s*\\+|%s|\\$\\{)", Pattern.CASE_INSENSITIVE);

    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|(?m)^\\s*//.*$", Pattern.DOTALL);

    /** Between the parts of a text that is written in several. */
    private static final Pattern SEAM = Pattern.compile("\"\\s*\\+\\s*\"(?:\"\"\\n)?");

    /** What comes after the common table expressions; no name of one. */
    private static final String REST = "(rest)";

    private static final Pattern PART = Pattern.compile("(\\w+) as \\(");
    private static final Pattern FENCE = Pattern.compile(
            "with term as \\(select epoch from coordinator_epoch where single and epoch = \\$\\d+ for share\\)" + ".*",
            Pattern.DOTALL);

    @Test
    void noOtherClassHasAStatementThatWritesThem() {
        assertThat(sources().keySet()).contains(FENCED, "DirectorySql.java", "JobSql.java");
        sources().forEach((file, text) -> {
            if (!file.equals(FENCED)) {
                assertThat(writes(text)).as(file).isEmpty();
            }
        });
        assertThat(writes(sources().get(FENCED))).isNotEmpty();
    }

    @Test
    void noOtherClassUsesTheseStatements() {
        Set<String> users = sources().entrySet().stream()
                .filter(source -> source.getValue().contains("FencedSql."))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());

        assertThat(users).containsExactlyInAnyOrder("FencedWrites.java", "JobStatements.java");
        assertThat(sources().values().stream().filter(text -> text.contains("JobStatements.of(")))
                .hasSize(1);
    }

    @Test
    void everyPartOfEveryStatementThatWritesAsksTheFence() {
        Map<String, String> statements = statements();
        assertThat(statements).hasSizeGreaterThan(8);
        statements.forEach((name, sql) -> {
            if (!name.equals("DELETE_ENDED_OF_ORGANISATION")) {
                assertThat(sql).as(name).matches(FENCE);
            }
            assertThat(sql)
                    .as(name)
                    .startsWith("with term as (")
                    .contains("for share", "exists (select from term) as current");
            assertThat(unfenced(sql)).as(name).isEmpty();
        });
    }

    @Test
    void whatOnlyOneTableHasIsWrittenByOneOfThem() {
        String all = String.join("\n", statements().values());
        for (String table : FencedSql.TABLES) {
            assertThat(all).containsPattern("\\b(insert into|update|delete from) " + table + "\\b");
        }
    }

    // ---- the test itself

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"insert into jobs (id) values ($1)\"",
                "\"\"\"\n    with x as (\n  UPDATE   job_nodes as n set status = 1)\"\"\"",
                "\"delete from \" + \"only job_events\"",
                "\"delete\\nfrom\" // nothing\n + \" x\"; String y = \"truncate table org_events\"",
                "\"update public.job_output_parts set data = ''\"",
                "\"insert into \" + table + \" values ($1)\"",
                "\"update %s set status = 1\".formatted(table)",
                "\"insert into \\\"job_options\\\" values ($1)\"",
            })
    void statementThatWritesIsFound(String source) {
        assertThat(writes(source)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"select id from jobs where status = 1 for update skip locked\"",
                "/** Would update jobs. */ \"select 1\"",
                "\"insert into jobs_of_others (id) values ($1)\"",
                "\"on conflict (id) do update set status = 7 from jobs\"",
            })
    void statementThatReadsIsNone(String source) {
        assertThat(writes(source)).isEmpty();
    }

    @Test
    void partWithoutAFenceIsFound() {
        assertThat(unfenced("""
                with term as (select epoch from coordinator_epoch where single and epoch = $1 for share)
                , changed as (update jobs set status = 1 where exists (select from term) returning id)
                , nodes as (update job_nodes set status = 1 where job_id in (select id from changed))
                , outputs as (insert into job_output select 1 from jobs where status = 1)
                delete from job_events where exists (select from term)""")).containsExactlyInAnyOrder("outputs", REST);
    }

    // ----

    private static Set<String> writes(String source) {
        // an escaped quote is one around a name, an escaped end of line is a blank
        String text =
                COMMENT.matcher(source).replaceAll("").replace("\\\"", "\u0001").replace("\\n", " ");
        Set<String> found = new HashSet<>();
        Matcher anyTable = WRITE_OF_ANY_TABLE.matcher(SEAM.matcher(text).replaceAll(""));
        Matcher write = WRITE.matcher(SEAM.matcher(text).replaceAll("").replace('\u0001', '"'));
        anyTable.results().forEach(result -> found.add(result.group()));
        write.results().forEach(result -> found.add(result.group()));
        return found;
    }

    /** The common table expressions that write and do not ask the fence; what comes after them must not write at all. */
    private static Set<String> unfenced(String sql) {
        Map<String, String> parts = parts(sql);
        Set<String> fenced = new HashSet<>(Set.of("term"));
        for (int n = 0; n < parts.size(); n++) {
            parts.forEach((name, body) -> {
                if (fenced.stream()
                        .anyMatch(known -> Pattern.compile("\\b(?:from|join) " + Pattern.quote(known) + "\\b")
                                .matcher(body)
                                .find())) {
                    fenced.add(name);
                }
            });
        }
        return parts.entrySet().stream()
                .filter(part -> WRITE.matcher(part.getValue()).find())
                .map(Map.Entry::getKey)
                .filter(name -> name.equals(REST) || !fenced.contains(name))
                .collect(Collectors.toSet());
    }

    private static Map<String, String> parts(String sql) {
        Map<String, String> parts = new LinkedHashMap<>();
        Matcher begin = PART.matcher(sql);
        int end = 0;
        while (begin.find(end)) {
            int depth = 1;
            end = begin.end();
            while (depth > 0) {
                char next = sql.charAt(end++);
                depth += next == '(' ? 1 : next == ')' ? -1 : 0;
            }
            parts.put(begin.group(1), sql.substring(begin.end(), end));
        }
        parts.put(REST, sql.substring(end));
        return parts;
    }

    private static Map<String, String> statements() {
        return Stream.of(FencedSql.class.getDeclaredFields())
                .filter(field -> field.getType() == String.class)
                .filter(field -> WRITE.matcher(value(field)).find())
                .collect(Collectors.toMap(Field::getName, OnlyFencedWritesTest::value));
    }

    private static String value(Field field) {
        try {
            return (String) field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError("a statement that is private", e);
        }
    }

    private static Map<String, String> sources() {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString(), OnlyFencedWritesTest::text, String::concat));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
