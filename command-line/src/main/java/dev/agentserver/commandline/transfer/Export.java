package dev.agentserver.commandline.transfer;

import dev.agentserver.commandline.server.LentKeys;
import dev.agentserver.commandline.server.Server;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ListConversationsRequest;
import dev.agentserver.settings.v1.User;
import java.io.IOException;
import java.time.Clock;
import java.util.UUID;

/// Takes conversations out of a server, one after the other, with all their branches.
public final class Export {
  private static final int PAGE = 200;

  /// What takes them.
  public interface Taker {
    /// @param lines of NDJSON
    void conversation(String lines, String ownerId) throws IOException;

    /// After the last conversation of an owner: what else is the owner's.
    default void belongings(Server owner, String ownerId) throws IOException {}
  }

  private final Server server;
  private final Clock clock;

  public Export(Server server, Clock clock) {
    this.server = server;
    this.clock = clock;
  }

  /// The conversations the caller owns. Returns how many.
  public int own(Taker taker) throws IOException {
    return owned(server, server.userId(), taker);
  }

  /// Everybody's, each once, at its owner's.
  public int everybodys(Taker taker) throws IOException {
    var count = 0;
    try (var keys = new LentKeys(server, clock)) {
      for (var user : keys.users()) {
        if (user.getState() == User.State.STATE_ACTIVE) {
          count += owned(keys.of(user.getId()), user.getId(), taker);
        }
      }
    }
    return count;
  }

  private static int owned(Server owner, String ownerId, Taker taker) throws IOException {
    var count = 0;
    for (var archived : new boolean[] {false, true}) {
      var token = "";
      do {
        var request =
            ListConversationsRequest.newBuilder()
                .setPageSize(PAGE)
                .setPageToken(token)
                .setArchived(archived)
                .setShared(false)
                .build();
        var page = owner.patience().call(() -> owner.conversations().listConversations(request));
        for (Conversation conversation : page.getConversationsList()) {
          var lines = new Copies(owner).lines(UUID.fromString(conversation.getId()));
          taker.conversation(lines, ownerId);
          count++;
        }
        token = page.getNextPageToken();
      } while (!token.isEmpty());
    }
    taker.belongings(owner, ownerId);
    return count;
  }
}
