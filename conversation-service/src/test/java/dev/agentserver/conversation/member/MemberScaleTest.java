package dev.agentserver.conversation.member;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.Pages;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ListMembersRequest;
import dev.agentserver.kit.test.Fewest;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What a page of members costs among sixty and among a thousand, who are as many as there may be.
class MemberScaleTest extends ServiceTest {
  private static final int FEW = 60;
  private static final int MANY = 1_000;
  private static final int PAGE = 50;

  private Conversation few;
  private Conversation many;

  @BeforeAll
  void conversations() {
    few = conversation(alice);
    Crowd.join(service, TENANT, few, FEW - 1);
    many = conversation(alice);
    Crowd.join(service, TENANT, many, MANY - 1);
    service.sql("vacuum analyze conversation.conversation_member");
  }

  private int rows(Conversation conversation, @Nullable UUID after) throws SQLException {
    var id = UUID.fromString(conversation.getId());
    var store = new MemberStore();
    return Pages.rows(
        service,
        db -> {
          store.readable(db, alice.caller(), id);
          store.list(db, TENANT, id, after, PAGE + 1);
        });
  }

  private UUID nth(Conversation conversation, int n) {
    return UUID.fromString(
        service
            .column(
                "select user_id from conversation_member where conversation_id = '%s' order by user_id offset %d limit 1"
                    .formatted(conversation.getId(), n))
            .getFirst());
  }

  @Test
  void aPageOfMembersReadsNoMoreHoweverManyThereAreAndWhereverItBegins() throws SQLException {
    var few = rows(this.few, null);
    assertThat(few).isGreaterThan(PAGE);
    assertThat(rows(many, null)).isEqualTo(few);
    assertThat(rows(many, nth(many, MANY / 2))).isEqualTo(few);
    assertThat(rows(many, nth(many, MANY - PAGE - 2))).isEqualTo(few);
  }

  @Test
  void aPageOfMembersIsAsManyStatementsOfSixtyAsOfAThousand() {
    assertThat(statements(many)).isEqualTo(statements(few));
  }

  private int statements(Conversation conversation) {
    var request =
        ListMembersRequest.newBuilder()
            .setConversationId(conversation.getId())
            .setPageSize(PAGE)
            .build();
    return Fewest.of(() -> service.statements(() -> alice.members().listMembers(request)));
  }
}
