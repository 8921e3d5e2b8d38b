// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Reads Surefire's reports and names every skipped test with its reason: {@code java .ci/CheckSkips.java JDK
 * REPORTS...}. With {@code CI=true} a skipped test fails the run unless {@code .ci/allowed-skips} lists it for that
 * JDK. A directory without a single test fails it always: nothing was tested.
 */
public final class CheckSkips {
    private record Skip(String test, String reason) {}

    private record Allowed(String jdk, String test, String reason) {
        static Allowed parse(String line) {
            String[] parts = line.strip().split("\\s+", 3);
            if (parts.length < 3) {
                throw new IllegalArgumentException("allowed-skips: want JDK TEST REASON: " + line);
            }
            return new Allowed(parts[0], parts[1], parts[2]);
        }

        boolean covers(String runningJdk, Skip skip) {
            String pattern =
                    Stream.of(test.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
            return (jdk.equals("*") || jdk.equals(runningJdk))
                    && Pattern.compile(pattern).matcher(skip.test()).matches();
        }
    }

    private CheckSkips() {}

    public static void main(String[] args) throws Exception {
        if (args.length < 2) {
            System.err.println("usage: java CheckSkips.java JDK REPORTS...");
            System.exit(2);
        }
        boolean ci = "true".equals(System.getenv("CI"));
        List<Allowed> allowed = allowed(Path.of(".ci", "allowed-skips"));
        List<Skip> forbidden = new ArrayList<>();
        for (String directory : List.of(args).subList(1, args.length)) {
            List<Skip> skips = new ArrayList<>();
            int tests = read(Path.of(directory), skips);
            System.out.printf("%s: %d tests, %d skipped%n", directory, tests, skips.size());
            if (tests == 0) {
                System.err.println(directory + ": no test ran");
                System.exit(1);
            }
            for (Skip skip : skips) {
                boolean listed = allowed.stream().anyMatch(entry -> entry.covers(args[0], skip));
                System.out.printf("  skipped%s: %s: %s%n", listed ? " (allowed)" : "", skip.test(), skip.reason());
                if (!listed) {
                    forbidden.add(skip);
                }
            }
        }
        if (ci && !forbidden.isEmpty()) {
            System.err.printf(
                    "%d tests were skipped that .ci/allowed-skips does not list for JDK %s%n",
                    forbidden.size(), args[0]);
            System.exit(1);
        }
    }

    private static List<Allowed> allowed(Path list) throws IOException {
        try (Stream<String> lines = Files.lines(list)) {
            return lines.filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Allowed::parse)
                    .toList();
        }
    }

    /** Adds the skipped tests below the directory to the list and returns the number of all tests. */
    private static int read(Path directory, List<Skip> skips) throws Exception {
        List<Path> reports;
        try (Stream<Path> files = Files.list(directory)) {
            reports = files.filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
                    .sorted()
                    .toList();
        }
        DocumentBuilder parser = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder();
        int tests = 0;
        for (Path report : reports) {
            NodeList cases = parser.parse(report.toFile()).getElementsByTagName("testcase");
            tests += cases.getLength();
            for (int i = 0; i < cases.getLength(); i++) {
                Element test = (Element) cases.item(i);
                NodeList skipped = test.getElementsByTagName("skipped");
                if (skipped.getLength() > 0) {
                    String name = test.getAttribute("classname") + "." + test.getAttribute("name");
                    skips.add(new Skip(name, reason((Element) skipped.item(0))));
                }
            }
        }
        return tests;
    }

    private static String reason(Element skipped) {
        String message = skipped.getAttribute("message");
        String text = message.isEmpty() ? skipped.getTextContent().strip() : message;
        return text.isEmpty() ? "no reason given" : text.lines().findFirst().orElseThrow();
    }
}
