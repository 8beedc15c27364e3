package dev.agentserver.agentrun.price;

import java.util.List;
import java.util.regex.Pattern;

/// Under which names a model may have a price: its own, and that without the date it ends with.
/// Never a part of it, nor one that is alike: a wrong price is worse than none.
public final class ModelName {
  private static final Pattern DATED =
      Pattern.compile(
          "(.+)[-@]20\\d\\d(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])"
              + "|-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01]))");

  private ModelName() {}

  /// The best first.
  public static List<String> candidates(String model) {
    var dated = DATED.matcher(model);
    return dated.matches() ? List.of(model, dated.group(1)) : List.of(model);
  }
}
