package dev.agentserver.agentrun.export;

import java.util.List;

/// Rows of a CSV file as RFC 4180 has them. Nothing is an empty cell.
final class Csv {
  /// What a spreadsheet takes a cell that begins with it for a formula by.
  private static final String FORMULA = "=+-@\t\r\n";

  private Csv() {}

  static <R> void head(List<Column<R>> columns, StringBuilder out) {
    line(columns.stream().map(Column::name).toList(), out);
  }

  static <R> void row(List<Column<R>> columns, R row, StringBuilder out) {
    line(columns.stream().map(column -> cell(column, row)).toList(), out);
  }

  private static void line(List<String> cells, StringBuilder out) {
    for (var i = 0; i < cells.size(); i++) {
      out.append(i == 0 ? "" : ",").append(cells.get(i));
    }
    out.append("\r\n");
  }

  private static <R> String cell(Column<R> column, R row) {
    var value = column.value().apply(row);
    var text = value == null ? "" : value.toString();
    return quoted(column.kind() == Column.Kind.TEXT ? harmless(text) : text);
  }

  private static String harmless(String text) {
    return !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
  }

  private static String quoted(String text) {
    return text.chars().anyMatch(c -> c == '"' || c == ',' || c < ' ')
        ? '"' + text.replace("\"", "\"\"") + '"'
        : text;
  }
}
