// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.plot;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.font.FontRenderContext;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.knowm.xchart.style.markers.Marker;

/** What a picture is drawn on. Lengths are pixels from the upper left corner; text stands on its y. */
final class Canvas {
    /** The same in the plot and in the legend. */
    static final int MARKER_SIZE = 8;

    /** Has the same widths as Verdana, which other systems have. */
    private static final String FAMILY = "DejaVu Sans";

    private static final String WRITTEN_FAMILY = "font-family:&quot;" + FAMILY + "&quot;";
    private static final String FAMILIES = "font-family:'" + FAMILY + "',Verdana,sans-serif";

    private static final FontRenderContext UNHINTED = new FontRenderContext(null, true, true);
    private static final String INSTALL =
            "Pictures need the font " + FAMILY + ": install fontconfig and fonts-dejavu-core.";

    private final Theme theme;
    private final int width;
    private final int height;
    private final VectorGraphics2D graphics = new VectorGraphics2D();

    Canvas(Theme theme, int width, int height) {
        this.theme = theme;
        this.width = width;
        this.height = height;
        box(new Rectangle(width, height), theme.background());
    }

    /** The fonts of a picture. */
    enum Style {
        TITLE(Font.BOLD, 17),
        STRONG(Font.BOLD, 13),
        PLAIN(Font.PLAIN, 13);

        private final int style;
        private final int size;

        Style(int style, int size) {
            this.style = style;
            this.size = size;
        }

        private Font font() {
            return new Font(FAMILY, style, size);
        }

        /** The width of {@code text}, rounded up. */
        int width(String text) {
            return (int) Math.ceil(exactWidth(text));
        }

        /** The width of the widest text; 0 if there is none. */
        int width(Stream<String> texts) {
            return texts.mapToInt(this::width).max().orElse(0);
        }

        private double exactWidth(String text) {
            return font().getStringBounds(text, UNHINTED).getWidth();
        }
    }

    /** What of a text is at its x. */
    enum Anchor {
        START(0),
        MIDDLE(0.5),
        END(1);

        private final double before;

        Anchor(double before) {
            this.before = before;
        }
    }

    /** @throws IOException if this host lacks the font */
    static void requireFont() throws IOException {
        String family;
        try {
            family = new Font(FAMILY, Font.PLAIN, 1).getFamily(Locale.ROOT);
        } catch (LinkageError | InternalError | RuntimeException e) {
            // How the JDK fails without fontconfig, or without any font, depends on its version.
            throw new IOException(INSTALL, e);
        }
        if (!family.equals(FAMILY)) {
            throw new IOException(INSTALL);
        }
    }

    void text(String text, Style style, double x, double y, Anchor anchor) {
        graphics.setColor(theme.text());
        graphics.setFont(style.font());
        graphics.drawString(text, (float) (x - anchor.before * style.exactWidth(text)), (float) y);
    }

    /** Text that blanks what is behind it. */
    void label(String text, double x, double y) {
        box(new Rectangle2D.Double(x - 2, y - 12, Style.PLAIN.width(text) + 4, 15), theme.background());
        text(text, Style.PLAIN, x, y, Anchor.START);
    }

    void line(double x1, double y1, double x2, double y2, Color color, BasicStroke stroke) {
        graphics.setColor(color);
        graphics.setStroke(stroke);
        graphics.draw(new Line2D.Double(x1, y1, x2, y2));
    }

    void marker(Marker marker, double x, double y, Color color) {
        graphics.setColor(color);
        marker.paint(graphics, x, y, MARKER_SIZE);
    }

    /** An error bar from one end to the other; nothing if they are the same. */
    void interval(double x1, double y1, double x2, double y2, Color color) {
        double length = Math.hypot(x2 - x1, y2 - y1);
        if (length == 0) {
            return;
        }
        double capX = (y2 - y1) / length * 4;
        double capY = (x2 - x1) / length * 4;
        BasicStroke stroke = new BasicStroke(1.5f);
        line(x1, y1, x2, y2, color, stroke);
        line(x1 - capX, y1 - capY, x1 + capX, y1 + capY, color, stroke);
        line(x2 - capX, y2 - capY, x2 + capX, y2 + capY, color, stroke);
    }

    /** Lets {@code drawing} draw on that part of the picture, whose upper left corner it sees as 0, 0. */
    void within(Rectangle area, Consumer<Graphics2D> drawing) {
        Graphics2D part = (Graphics2D) graphics.create();
        part.translate(area.x, area.y);
        drawing.accept(part);
        part.dispose();
    }

    /** Writes the picture; {@code file} is there as a whole, or as it was before. */
    void write(Path file) throws IOException {
        Path temporary = Files.createTempFile(
                file.toAbsolutePath().getParent(),
                ".plot",
                ".svg",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-rw-rw-")));
        try {
            Files.writeString(temporary, svg());
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void box(Rectangle2D box, Color color) {
        graphics.setColor(color);
        graphics.fill(box);
    }

    private String svg() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new SVGProcessor()
                .getDocument(graphics.getCommands(), new PageSize(0, 0, width, height))
                .writeTo(bytes);
        return bytes.toString(StandardCharsets.UTF_8)
                .replaceFirst("<!DOCTYPE[^>]*>\\R?", "") // it refers to a file in the network
                .replace(WRITTEN_FAMILY, FAMILIES);
    }
}
