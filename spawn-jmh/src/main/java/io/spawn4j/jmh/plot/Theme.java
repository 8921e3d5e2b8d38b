// SPDX-License-Identifier: Apache-2.0
package io.spawn4j.jmh.plot;

import java.awt.Color;

/** The colours of a picture, meant for pages with a light or a dark background. */
public enum Theme {
    LIGHT("#ffffff", "#1f2328", "#d8dee4", "#a3acb6", "#0072b2 #d55e00 #009e73 #cc79a7 #e69f00 #56b4e9 #57606a"),
    DARK("#0d1117", "#e6edf3", "#2b323b", "#6e7681", "#56b4e9 #e69f00 #009e73 #cc79a7 #f0e442 #d55e00 #b1bac4");

    private final String background;
    private final String text;
    private final String grid;
    private final String neutral;

    /**
     * Okabe and Ito's colours, which people who are colour-blind can tell apart; those with too little contrast left
     * out.
     */
    private final String palette;

    Theme(String background, String text, String grid, String neutral, String palette) {
        this.background = background;
        this.text = text;
        this.grid = grid;
        this.neutral = neutral;
        this.palette = palette;
    }

    Color background() {
        return Color.decode(background);
    }

    Color text() {
        return Color.decode(text);
    }

    Color grid() {
        return Color.decode(grid);
    }

    Color neutral() {
        return Color.decode(neutral);
    }

    Color accent() {
        return palette(0);
    }

    Color reference() {
        return palette(1);
    }

    Color palette(int index) {
        return Color.decode(palette.split(" ", -1)[index]);
    }
}
