package dev.agentserver.conversation.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.Pages;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.branch.Grown;
import dev.agentserver.conversation.v1.Conversation;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What it costs to catch up in a large conversation. `-Dbranches.messages=100000` for a
/// larger one.
class WatchScaleTest extends ServiceTest {
  private static final int MESSAGES = Integer.getInteger("branches.messages", 1_000);
  private static final int FEW = 100;
  private static final int MISSED = 10;
  private static final int MORE_PAGES = 60;

  private int catchUp(Conversation conversation, int messages) throws SQLException {
    var id = UUID.fromString(conversation.getId());
    var store = new WatchStore();
    return Pages.touched(
        service,
        db -> {
          store.touched(db, TENANT, id, messages - MISSED, messages, 0, 101);
          store.newest(db, TENANT, id, 50);
        });
  }

  @Test
  void whoMissedLittleIsSentLittleHoweverMuchWasSaidBefore() throws SQLException {
    var few = conversation(alice);
    Grown.line(alice, few, FEW);
    var many = conversation(alice);
    Grown.line(alice, many, MESSAGES);
    service.sql("analyze conversation.message; analyze conversation.conversation_event");
    assertThat(catchUp(many, MESSAGES)).isBetween(1, catchUp(few, FEW) + MORE_PAGES);
  }
}
