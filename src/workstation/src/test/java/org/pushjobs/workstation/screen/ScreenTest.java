package org.pushjobs.workstation.screen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushjobs.workstation.screen.Table.Cell;

class ScreenTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static String written(Display display, Consumer<Screen> writer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        writer.accept(new Screen(stream, stream, PlainProgress::new, display));
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String shown(OutputFormat format, String document) {
        return written(Display.PLAIN, screen -> screen.show(format, parsed(document), () -> {}));
    }

    private static JsonNode parsed(String document) {
        try {
            return JSON.readTree(document.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(document, e);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {'created_at':'Sun, 22 Nov 2026 11:00:00 GMT'}     | {'created_at':'2026-11-22T11:00:00Z'}
                    {'detail':{'last_seen':'Sun, 22 Nov 2026 11:00:00 GMT'}} | {'detail':{'last_seen':'2026-11-22T11:00:00Z'}}
                    {'timestamp':'2026-11-22 11:00:01.000002Z'}        | {'timestamp':'2026-11-22T11:00:01.000002Z'}
                    {'voted_at':'2026-11-22T11:00:01.100Z'}            | {'voted_at':'2026-11-22T11:00:01.100Z'}
                    {'created_at':'some day','updated_at':7}           | {'created_at':'some day','updated_at':7}
                    {'command':'Sun, 22 Nov 2026 11:00:00 GMT'}        | {'command':'Sun, 22 Nov 2026 11:00:00 GMT'}
                    {'env':{'at':'Sun, 22 Nov 2026 11:00:00 GMT'}}     | {'env':{'at':'Sun, 22 Nov 2026 11:00:00 GMT'}}
                    """)
    void timesAreInOneFormatAndNothingElseIsChanged(String document, String line) {
        assertThat(shown(OutputFormat.JSONL, document)).isEqualTo(line.replace('\'', '"') + "\n");
    }

    @Test
    void underKnifesNameTimesAreTheServers() {
        Display knife = new Display(CalledAs.KNIFE_PUSH, false, false);
        String document = "{\"updated_at\":\"Sun, 22 Nov 2026 11:00:00 GMT\"}";

        assertThat(written(knife, screen -> screen.show(OutputFormat.JSONL, parsed(document), () -> {})))
                .isEqualTo(document + "\n");
    }

    @Test
    void arrayIsALineForEachOfItsMembers() {
        assertThat(shown(OutputFormat.JSONL, "[{'a':1},{'b':[2,3]}]")).isEqualTo("{\"a\":1}\n{\"b\":[2,3]}\n");
        assertThat(shown(OutputFormat.JSONL, "[]")).isEmpty();
    }

    @Test
    void rubyShowsWhatFitsInOneLineAndElseALineForEachMember() {
        assertThat(shown(OutputFormat.PP, "{'id':'ab\\u001b','ok':true,'n':null,'list':[1,2]}"))
                .isEqualTo("{\"id\"=>\"ab\\e\", \"ok\"=>true, \"n\"=>nil, \"list\"=>[1, 2]}\n");
        String names = "'" + "x".repeat(30) + "','" + "y".repeat(30) + "'";
        assertThat(shown(OutputFormat.PP, "{'id':'ab12','nodes':{'succeeded':[" + names + "],'failed':['a']}}"))
                .isEqualTo("""
                        {"id"=>"ab12",
                         "nodes"=>
                          {"succeeded"=>
                            ["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"],
                           "failed"=>["a"]}}
                        """);
    }

    @Test
    void tableHasColumnsAsWideAsTheirTextsAndLeavesEmptyOnesOut() {
        Table table = new Table("NODE", "JOB", "STATE", "WHY");
        table.add(Cell.of("web-1"), Cell.of(""), Cell.status("available"), Cell.of(""));
        table.add(Cell.of("w\u001b"), Cell.of(""), Cell.status("unavailable"), Cell.of("went_silent"));

        assertThat(written(Display.PLAIN, screen -> table.print(screen, " "))).isEqualTo("""
                 NODE   STATE        WHY
                 web-1  available
                 w?     unavailable  went_silent
                """);
    }

    @Test
    void coloursDoNotMoveColumns() {
        Table table = new Table("A", "B");
        table.add(Cell.status("failed"), Cell.of("x"));

        assertThat(written(new Display(CalledAs.PUSHJOBS, true, true), screen -> table.print(screen, "")))
                .isEqualTo("A       B\n\u001b[31mfailed\u001b[0m  x\n");
    }
}
