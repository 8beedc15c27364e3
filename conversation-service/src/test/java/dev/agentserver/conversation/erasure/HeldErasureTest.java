package dev.agentserver.conversation.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.LegalHold;
import dev.agentserver.conversation.v1.ListLegalHoldsRequest;
import dev.agentserver.conversation.v1.PlaceLegalHoldRequest;
import dev.agentserver.conversation.v1.ReleaseLegalHoldRequest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What an erasure leaves while it is held (C11).
class HeldErasureTest extends ServiceTest {
  @Test
  void whatAnErasedUserOwnedIsHiddenAndGoesWhenItIsReleased() {
    var tenant = UUID.randomUUID();
    var user = service.person(tenant, "MEMBER");
    var held = conversation(user);
    say(user, held, "evidence");
    var other = conversation(user);
    hold(tenant, held);
    service.erase(tenant, user.caller().principalId());
    assertThat(rows("conversation", other)).isZero();
    assertThat(rows("message", held)).isEqualTo(1);
    assertThat(rows("conversation_member", held)).isEqualTo(1);
    assertThat(
            service.column(
                "select count(*) from conversation where conversation_id = '%s' and deleted_at is null"
                    .formatted(held.getId())))
        .containsExactly("0");
    assertThat(service.keeps(tenant)).isTrue();
    release(tenant, held);
    assertThat(service.keeps(tenant)).isFalse();
    service.erase(tenant, user.caller().principalId());
    assertThat(rows("conversation", held)).isZero();
  }

  @Test
  void whatAnErasureHasLeftIsListedByWhoOwnedIt() {
    var tenant = UUID.randomUUID();
    var user = service.person(tenant, "MEMBER");
    var held = conversation(user);
    hold(tenant, held);
    var others = conversation(service.person(tenant, "MEMBER"));
    hold(tenant, others);
    assertThat(left(tenant, user).getFirst().hasHiddenAt()).isFalse();
    service.erase(tenant, user.caller().principalId());
    assertThat(left(tenant, user))
        .extracting(LegalHold::getConversationId)
        .containsExactly(held.getId());
    assertThat(left(tenant, user).getFirst().hasHiddenAt()).isTrue();
    release(tenant, held);
    assertThat(left(tenant, user)).isEmpty();
  }

  private List<LegalHold> left(UUID tenant, Person erased) {
    var owner = erased.caller().principalId().toString();
    return service
        .person(tenant, "ADMIN")
        .holds()
        .listLegalHolds(ListLegalHoldsRequest.newBuilder().setOwnerId(owner).build())
        .getLegalHoldsList();
  }

  @Test
  void whatAnErasedTenantHasHeldStaysAndTheRestGoes() {
    var tenant = UUID.randomUUID();
    var user = service.person(tenant, "MEMBER");
    var held = conversation(user);
    say(user, held, "evidence");
    var other = conversation(user);
    say(user, other, "nothing");
    hold(tenant, held);
    service.erase(tenant, null);
    assertThat(rows("message", held)).isEqualTo(1);
    assertThat(rows("conversation", other)).isZero();
    release(tenant, held);
    service.erase(tenant, null);
    assertThat(rows("conversation", held)).isZero();
  }

  private void hold(UUID tenant, Conversation conversation) {
    service
        .person(tenant, "ADMIN")
        .holds()
        .placeLegalHold(
            PlaceLegalHoldRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setReason("case 1")
                .build());
  }

  private void release(UUID tenant, Conversation conversation) {
    service
        .person(tenant, "ADMIN")
        .holds()
        .releaseLegalHold(
            ReleaseLegalHoldRequest.newBuilder().setConversationId(conversation.getId()).build());
  }

  private int rows(String table, Conversation conversation) {
    return service
        .column(
            "select tenant_id from %s where conversation_id = '%s'"
                .formatted(table, conversation.getId()))
        .size();
  }
}
