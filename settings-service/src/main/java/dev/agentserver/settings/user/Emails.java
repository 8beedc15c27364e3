package dev.agentserver.settings.user;

import dev.agentserver.kit.problem.Problem;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Tells an e-mail address from what is none. Whether somebody reads what is sent there only they
/// can say, so nothing finer is asked.
final class Emails {
  static final String FIELD = "user.email";

  private static final Pattern ADDRESS = Pattern.compile("[^\\s@\\p{Cntrl}]+@[^\\s@\\p{Cntrl}]+");

  private Emails() {}

  /// @param email null: none, which is fine
  static void check(@Nullable String email, String field) {
    if (email != null && !ADDRESS.matcher(email).matches()) {
      throw Problem.invalid(field, "is no e-mail address");
    }
  }
}
