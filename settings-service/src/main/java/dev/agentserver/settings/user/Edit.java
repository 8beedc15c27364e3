package dev.agentserver.settings.user;

import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.user.User.Attributes;
import dev.agentserver.settings.user.User.Kind;
import dev.agentserver.settings.user.User.State;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One change of a user.
sealed interface Edit {
  record Email(@Nullable String email) implements Edit {}

  record Name(String name) implements Edit {}

  /// All of them, in the order of their names.
  record Roles(List<String> roles) implements Edit {}

  record NewState(State state) implements Edit {}

  /// Said by clients that send back the whole user; refused when it would be a change.
  record SameKind(Kind kind) implements Edit {}

  /// @param user what is edited, as it was before the first edit
  default Attributes applyTo(Attributes old, User user) {
    return switch (this) {
      case Email(var email) -> new Attributes(email, old.name(), old.roles(), old.state());
      case Name(var name) -> new Attributes(old.email(), name, old.roles(), old.state());
      case Roles(var roles) -> new Attributes(old.email(), old.name(), roles, old.state());
      case NewState(var state) -> new Attributes(old.email(), old.name(), old.roles(), state);
      case SameKind(var kind) -> {
        if (kind != user.kind()) {
          throw Problem.invalid("user.kind", "cannot be changed");
        }
        yield old;
      }
    };
  }
}
