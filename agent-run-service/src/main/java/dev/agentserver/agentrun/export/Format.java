package dev.agentserver.agentrun.export;

import java.time.ZoneId;

/// How a file is written.
sealed interface Format permits FocusFile, UsageFile {
  /// Its media type.
  String contentType();

  /// How its name ends.
  String ending();

  /// What stands before the first row.
  void head(StringBuilder out);

  /// The rows of a call.
  ///
  /// @param zone of days and hours
  void rows(Used used, ZoneId zone, StringBuilder out);

  /// Whether its rows are lines of the ledger, and not sums of models.
  boolean isOfLines();
}
