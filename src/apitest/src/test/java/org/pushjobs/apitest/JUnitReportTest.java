package org.pushjobs.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** The file for build servers. */
class JUnitReportTest {
    @TempDir
    private Path directory;

    @Test
    void failuresAreCountedAndShown() throws Exception {
        Path file = directory.resolve("report.xml");

        JUnitReport.write(
                file,
                List.of(
                        new Outcome("good", Duration.ofMillis(1500), Optional.empty()),
                        new Outcome("bad", Duration.ofMillis(20), Optional.of("<\u0001é> & more"))));

        Element suite = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(file.toFile())
                .getDocumentElement();
        assertThat(suite.getTagName()).isEqualTo("testsuite");
        assertThat(suite.getAttribute("tests")).isEqualTo("2");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(suite.getAttribute("time")).isEqualTo("1.520");
        Element bad = (Element) suite.getElementsByTagName("testcase").item(1);
        assertThat(bad.getAttribute("name")).isEqualTo("bad");
        assertThat(bad.getTextContent()).isEqualTo("<?é> & more");
        assertThat(suite.getElementsByTagName("failure").getLength()).isEqualTo(1);
    }
}
