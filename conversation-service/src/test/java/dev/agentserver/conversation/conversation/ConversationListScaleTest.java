package dev.agentserver.conversation.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.Pages;
import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.conversation.ConversationListStore.Position;
import dev.agentserver.conversation.member.Crowd;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What a list of conversations costs somebody who has few of them, who has many, and whose
/// conversations have very many members.
class ConversationListScaleTest extends ServiceTest {
  private static final int FEW = 60;
  private static final int MANY = 3_000;
  private static final int CROWD = 1_000;
  private static final int PAGE = 50;

  /// A level of the indexes more for each row, of the member and of the conversation.
  private static final int MORE_PAGES = 2 * PAGE;

  private Person carol;
  private Person dave;

  @BeforeAll
  void conversations() {
    carol = service.person(TENANT, "MEMBER");
    dave = service.person(TENANT, "MEMBER");
    create(alice, FEW);
    create(carol, MANY);
    IntStream.range(0, FEW)
        .forEach(_ -> Crowd.join(service, TENANT, conversation(dave), CROWD - 1));
    service.sql("vacuum analyze conversation.conversation_member");
    service.sql("vacuum analyze conversation.conversation");
  }

  /// As many as fit into the list of somebody, a minute apart.
  private void create(Person person, int count) {
    service.sql(
        """
        with made as (
          insert into conversation (tenant_id, conversation_id, owner_id, title, model, temporary, metadata, message_count,
            preview, last_branch_no, last_event_seq, version, created_at, updated_at, last_activity_at, last_event_at)
          select '%1$s', gen_random_uuid(), '%2$s', 'trip', '', false, '{}', 0, '', 0, 0, 1, at, at, at, at
          from (select now() - interval '1 minute' * n as at from generate_series(1, %3$d) n) times
          returning tenant_id, conversation_id, owner_id, created_at)
        insert into conversation_member (tenant_id, conversation_id, user_id, role, last_activity_at, changed_at)
        select tenant_id, conversation_id, owner_id, 'OWNER', created_at, created_at from made"""
            .formatted(TENANT, person.caller().principalId(), count));
  }

  private int pages(Person person, @Nullable Instant before) throws SQLException {
    var filter =
        new ConversationFilter(
            null, null, null, false, null, null, null, null, Map.of(), false, null);
    var after = before == null ? null : new Position(before, new UUID(0, 0));
    var store = new ConversationListStore();
    return Pages.touched(service, db -> store.list(db, person.caller(), filter, after, PAGE + 1));
  }

  @Test
  void aPageOfTheListReadsNoMoreHoweverLongTheListIsAndHoweverManyAreInIt() throws SQLException {
    var most = pages(alice, null) + MORE_PAGES;
    assertThat(pages(dave, null)).isBetween(1, most);
    assertThat(pages(carol, null)).isBetween(1, most);
    var middle = Instant.now().minus(Duration.ofMinutes(MANY / 2));
    assertThat(pages(carol, middle)).isBetween(1, most);
  }
}
