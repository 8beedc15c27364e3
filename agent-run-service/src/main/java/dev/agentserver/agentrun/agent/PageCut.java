package dev.agentserver.agentrun.agent;

import java.util.List;
import java.util.function.ToIntFunction;

/// Cuts pages: they end at the size that was asked for or at 2 MiB, whichever comes first, and have
/// a row at least.
public final class PageCut {
  private static final int MAX_CHARACTERS = 2 * 1024 * 1024 / 3;

  private PageCut() {}

  /// The rows of the page.
  ///
  /// @param characters of a row; each takes three bytes at most
  public static <T> List<T> of(List<T> rows, int size, ToIntFunction<T> characters) {
    var total = 0;
    for (var count = 0; count < rows.size(); count++) {
      total += characters.applyAsInt(rows.get(count));
      if (count == size || (count > 0 && total > MAX_CHARACTERS)) {
        return rows.subList(0, count);
      }
    }
    return rows;
  }
}
