package org.pushjobs.apitest;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** The outcomes in the form that build servers read. */
final class JUnitReport {
    private static final String SUITE = "pushjobs-api-test";

    private JUnitReport() {}

    static void write(Path file, List<Outcome> outcomes) throws IOException {
        try (Writer text = Files.newBufferedWriter(file)) {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", SUITE);
            xml.writeAttribute("tests", Integer.toString(outcomes.size()));
            xml.writeAttribute(
                    "failures",
                    Long.toString(outcomes.stream()
                            .filter(outcome -> outcome.failure().isPresent())
                            .count()));
            xml.writeAttribute("errors", "0");
            xml.writeAttribute(
                    "time", seconds(outcomes.stream().map(Outcome::took).reduce(Duration.ZERO, Duration::plus)));
            for (Outcome outcome : outcomes) {
                xml.writeStartElement("testcase");
                xml.writeAttribute("classname", SUITE);
                xml.writeAttribute("name", outcome.name());
                xml.writeAttribute("time", seconds(outcome.took()));
                if (outcome.failure().isPresent()) {
                    xml.writeStartElement("failure");
                    xml.writeCharacters(printable(outcome.failure().get()));
                    xml.writeEndElement();
                }
                xml.writeEndElement();
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException(file + " cannot be written", e);
        }
    }

    private static String seconds(Duration took) {
        return String.format(Locale.ROOT, "%.3f", took.toMillis() / 1000.0);
    }

    /** XML has no place for most control characters. */
    private static String printable(String text) {
        return text.replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]", "?");
    }
}
