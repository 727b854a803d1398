package org.pushjobs.workstation.screen;

import java.util.ArrayList;
import java.util.List;

/**
 * Columns as wide as what is in them. A column in which no row has anything is left out. Control characters are replaced
 * ({@link Screen#printable}). Used by one thread.
 */
public final class Table {
    private static final String GAP = "  ";

    /** A text in a row. */
    public record Cell(String text, Style style) {
        public Cell {
            text = Screen.printable(text);
        }

        public static Cell of(String text) {
            return new Cell(text, Style.PLAIN);
        }

        /** Coloured by what the status means. */
        public static Cell status(String status) {
            return new Cell(status, Style.ofStatus(status));
        }
    }

    private final List<Cell> titles;
    private final List<List<Cell>> rows = new ArrayList<>();

    public Table(String... titles) {
        this.titles = List.of(titles).stream().map(Cell::of).toList();
    }

    /** @param cells as many as there are titles */
    public void add(Cell... cells) {
        if (cells.length != titles.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + titles.size() + " columns");
        }
        rows.add(List.of(cells));
    }

    /** @param indent written before each line */
    public void print(Screen screen, String indent) {
        List<Integer> shown = new ArrayList<>();
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < titles.size(); column++) {
            int at = column;
            int widest = rows.stream().mapToInt(row -> width(row.get(at))).max().orElse(0);
            if (widest > 0) {
                shown.add(column);
            }
            widths.add(Math.max(widest, width(titles.get(column))));
        }
        print(screen, indent, titles, shown, widths);
        rows.forEach(row -> print(screen, indent, row, shown, widths));
    }

    private static void print(Screen screen, String indent, List<Cell> row, List<Integer> shown, List<Integer> widths) {
        StringBuilder line = new StringBuilder(indent);
        int owed = 0;
        for (int column : shown) {
            Cell cell = row.get(column);
            if (!cell.text().isEmpty()) {
                line.repeat(' ', owed).append(screen.styled(cell.style(), cell.text()));
                owed = 0;
            }
            owed += widths.get(column) - width(cell) + GAP.length();
        }
        screen.out().println(line);
    }

    private static int width(Cell cell) {
        return cell.text().codePointCount(0, cell.text().length());
    }
}
