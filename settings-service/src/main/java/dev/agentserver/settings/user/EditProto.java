package dev.agentserver.settings.user;

import static dev.agentserver.settings.text.ProtoText.clean;
import static dev.agentserver.settings.text.ProtoText.cleanOrNull;

import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.v1.UpdateUserRequest;
import dev.agentserver.settings.v1.User;
import java.util.ArrayList;
import java.util.List;

/// The edits that an update request asks for, by its mask (AIP-134, AIP-161).
final class EditProto {
  private static final List<String> ALL = List.of("email", "name", "roles", "state");

  private EditProto() {}

  static List<Edit> edits(UpdateUserRequest request) {
    List<String> paths = request.getUpdateMask().getPathsList();
    if (paths.isEmpty()) {
      paths = populated(request.getUser());
    } else if (paths.equals(List.of("*"))) {
      paths = ALL;
    }
    return paths.stream().map(path -> edit(path, request.getUser())).toList();
  }

  private static Edit edit(String path, User user) {
    return switch (path) {
      case "email" -> new Edit.Email(cleanOrNull(user.getEmail()));
      case "name" -> new Edit.Name(clean(user.getName()));
      case "roles" -> new Edit.Roles(UserProto.roles(user));
      case "state" -> {
        if (user.getState() == User.State.STATE_UNSPECIFIED) {
          throw Problem.invalid("user.state", "must be STATE_ACTIVE or STATE_SUSPENDED");
        }
        yield new Edit.NewState(UserProto.state(user.getState()));
      }
      case "kind" -> new Edit.SameKind(UserProto.kind(user.getKind()));
      default ->
          throw Problem.invalid("update_mask", "names " + path + ", which cannot be changed");
    };
  }

  private static List<String> populated(User user) {
    var paths = new ArrayList<String>();
    if (!user.getEmail().isEmpty()) {
      paths.add("email");
    }
    if (!user.getName().isEmpty()) {
      paths.add("name");
    }
    if (user.getRolesCount() > 0) {
      paths.add("roles");
    }
    if (user.getState() != User.State.STATE_UNSPECIFIED) {
      paths.add("state");
    }
    if (user.getKind() != User.Kind.KIND_UNSPECIFIED) {
      paths.add("kind");
    }
    return paths;
  }
}
