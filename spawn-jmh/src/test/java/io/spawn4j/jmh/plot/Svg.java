// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.plot;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** A picture as tests see it. */
final class Svg {
    private final Document document;

    private Svg(Document document) {
        this.document = document;
    }

    static Svg read(Path file) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return new Svg(factory.newDocumentBuilder().parse(new ByteArrayInputStream(Files.readAllBytes(file))));
    }

    List<String> texts() {
        return elements("text").stream().map(Element::getTextContent).toList();
    }

    /** Where the only text that reads so starts. */
    double x(String text) {
        return elements("text").stream()
                .filter(element -> element.getTextContent().equals(text))
                .mapToDouble(element -> Double.parseDouble(element.getAttribute("x")))
                .reduce((one, other) -> {
                    throw new AssertionError("twice: " + text);
                })
                .orElseThrow();
    }

    double height() {
        return Double.parseDouble(
                document.getDocumentElement().getAttribute("height").replace("px", ""));
    }

    private List<Element> elements(String name) {
        NodeList nodes = document.getElementsByTagName(name);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(index -> (Element) nodes.item(index))
                .toList();
    }
}
