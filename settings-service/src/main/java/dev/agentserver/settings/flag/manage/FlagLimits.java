package dev.agentserver.settings.flag.manage;

import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.flag.store.FlagDocument;
import dev.agentserver.settings.flag.store.StoredFlag;
import java.util.List;
import java.util.Map;

/// What a tenant may keep: it all lies in the memory of every process that is asked for its flags.
final class FlagLimits {
  static final int FLAGS = 2_000;

  private static final int DEFINITION = 64 * 1024;
  private static final int CHARACTERS = 8 * 1024 * 1024;

  private FlagLimits() {}

  /// One definition, or the shared rules.
  static void requireSize(FlagDocument document, String field) {
    if (FlagDocument.of(document.definition()).print().length() > DEFINITION) {
      throw Problem.invalid(field, "must not have more than " + DEFINITION + " characters");
    }
  }

  /// @param all what the tenant would keep
  static void requireRoom(List<StoredFlag> all) {
    var characters = all.stream().mapToLong(flag -> flag.document().print().length()).sum();
    if (all.size() > FLAGS || characters > CHARACTERS) {
      throw new Problem.Refused(
              "TOO_MANY_FLAGS",
              "the tenant may have %d flags and %d characters of them".formatted(FLAGS, CHARACTERS),
              Map.of("limit", Integer.toString(FLAGS)))
          .raise();
    }
  }
}
