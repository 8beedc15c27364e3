package dev.agentserver.commandline.server;

import com.google.protobuf.util.Timestamps;
import dev.agentserver.settings.v1.CreateApiKeyRequest;
import dev.agentserver.settings.v1.ListUsersRequest;
import dev.agentserver.settings.v1.RevokeApiKeyRequest;
import dev.agentserver.settings.v1.User;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// What only a user can do for itself (its settings, its files, its own list) is done with a key of
/// that user's, which an administrator (`access:write`) makes for the purpose. It may do what the
/// user may, is in the audit like every key, and is revoked in the end; one that was left behind
/// expires.
public final class LentKeys implements AutoCloseable {
  private static final String NAME = "agentctl";
  private static final Duration LIFE = Duration.ofHours(4);
  private static final Duration USED = Duration.ofHours(3);
  private static final int PAGE = 200;

  private final Server server;
  private final Clock clock;
  private final Map<String, Lent> lent = new HashMap<>();
  private final List<String> keys = new ArrayList<>();

  public LentKeys(Server server, Clock clock) {
    this.server = server;
    this.clock = clock;
  }

  private record Lent(Server server, Instant until) {}

  /// The server as that user.
  public synchronized Server of(String userId) {
    var known = lent.get(userId);
    if (known == null || !clock.instant().isBefore(known.until())) {
      known = new Lent(lend(userId), clock.instant().plus(USED));
      lent.put(userId, known);
    }
    return known.server();
  }

  /// Everybody in the tenant.
  public List<User> users() {
    var users = new ArrayList<User>();
    var token = "";
    do {
      var request = ListUsersRequest.newBuilder().setPageSize(PAGE).setPageToken(token).build();
      var page = server.patience().call(() -> server.users().listUsers(request));
      users.addAll(page.getUsersList());
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    return users;
  }

  private Server lend(String userId) {
    var request =
        CreateApiKeyRequest.newBuilder()
            .setName(NAME)
            .setUserId(userId)
            .setExpiresAt(Timestamps.fromMillis(clock.instant().plus(LIFE).toEpochMilli()))
            .setRequestId(UUID.randomUUID().toString())
            .build();
    var made = server.patience().call(() -> server.keys().createApiKey(request));
    keys.add(made.getKey().getId());
    return server.as(made.getSecret());
  }

  @Override
  public synchronized void close() {
    for (var key : keys) {
      var request = RevokeApiKeyRequest.newBuilder().setKeyId(key).build();
      server.patience().call(() -> server.keys().revokeApiKey(request));
    }
  }
}
