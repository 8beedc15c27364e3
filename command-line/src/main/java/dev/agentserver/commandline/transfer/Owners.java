package dev.agentserver.commandline.transfer;

import dev.agentserver.commandline.history.OldIds;
import dev.agentserver.settings.v1.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Who here is who there. A file has a line for each: the old id, a comma, and the user's id or
/// e-mail address here. A user whose old id is an id or an e-mail address here needs no line.
public final class Owners {
  private final Map<String, String> users = new HashMap<>();
  private final Map<String, String> there = new HashMap<>();

  private Owners() {}

  /// @param users everybody in the tenant
  public static Owners of(List<User> users) {
    var owners = new Owners();
    for (var user : users) {
      owners.users.put(user.getId(), user.getId());
      if (!user.getEmail().isEmpty()) {
        owners.users.put(user.getEmail(), user.getId());
      }
    }
    return owners;
  }

  /// The same, and what the file says.
  public Owners with(Path file) throws IOException {
    for (var line : Files.readAllLines(file)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      var words = line.split(",", 2);
      var user = words.length == 2 ? users.get(words[1].strip()) : null;
      if (user == null) {
        throw new IOException(file + ": no user of this tenant in the line \"" + line + "\"");
      }
      users.put(words[0].strip(), user);
      there.putIfAbsent(user, words[0].strip());
    }
    return this;
  }

  /// The user's id there: that of the first line that names the user, else the id here.
  public String there(String userId) {
    return there.getOrDefault(userId, userId);
  }

  /// The user's id here.
  public Optional<String> of(String oldId) {
    var user = users.get(oldId);
    return Optional.ofNullable(
        user == null && OldIds.isUuid(oldId) ? users.get(oldId.toLowerCase(Locale.ROOT)) : user);
  }
}
