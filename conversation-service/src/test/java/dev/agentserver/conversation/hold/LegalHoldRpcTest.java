package dev.agentserver.conversation.hold;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.CreateConversationRequest;
import dev.agentserver.conversation.v1.DeleteConversationRequest;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.conversation.v1.LegalHold;
import dev.agentserver.conversation.v1.ListLegalHoldsRequest;
import dev.agentserver.conversation.v1.PlaceLegalHoldRequest;
import dev.agentserver.conversation.v1.ReleaseLegalHoldRequest;
import io.grpc.Status.Code;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is held stays, whoever removes it (C11).
class LegalHoldRpcTest extends ServiceTest {
  private Person officer;

  @BeforeEach
  void anOfficer() {
    officer = service.person(TENANT, "ADMIN");
  }

  @Test
  void whatIsHeldIsDeletedForItsMembersAndIsNotPurged() {
    var conversation = conversation(alice);
    place(officer, conversation, "case 7");
    assertProblem(Code.FAILED_PRECONDITION, "LEGAL_HOLD", () -> delete(alice, conversation, true))
        .containsEntry("id", conversation.getId());
    delete(alice, conversation, false);
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(alice, conversation));
    overdue(conversation);
    service.trash().purgeDue();
    assertThat(rows(conversation)).isEqualTo(1);
    release(officer, conversation);
    service.trash().purgeDue();
    assertThat(rows(conversation)).isZero();
  }

  @Test
  void aTemporaryConversationThatIsHeldOutlivesItsDay() {
    var conversation =
        alice
            .conversations()
            .createConversation(CreateConversationRequest.newBuilder().setTemporary(true).build());
    place(officer, conversation, "case 8");
    overdue(conversation);
    service.trash().purgeDue();
    assertThat(get(alice, conversation).getTemporary()).isTrue();
  }

  @Test
  void noStatementRemovesWhatIsHeld() {
    var conversation = conversation(alice);
    place(officer, conversation, "case 9");
    assertThatThrownBy(
            () ->
                service.sql(
                    "delete from conversation where conversation_id = '%s'"
                        .formatted(conversation.getId())))
        .hasStackTraceContaining("legal_hold_conversation_fk");
  }

  @Test
  void holdsAreListedAuditedAndReleasedOnce() {
    var conversation = conversation(alice);
    var first = place(officer, conversation, "case 10");
    var second = place(officer, conversation, "case 11");
    assertThat(second.getReason()).isEqualTo("case 11");
    assertThat(second.getCreatedAt()).isEqualTo(first.getCreatedAt());
    assertThat(holds()).contains(second);
    release(officer, conversation);
    release(officer, conversation);
    assertThat(holds()).doesNotContain(second);
    assertThat(
            service.column(
                "select action from audit_entry where resource_id = '%s'"
                    .formatted(conversation.getId())))
        .hasSize(3);
  }

  @Test
  void nobodyHoldsWhatIsNotTheirTenants() {
    var conversation = conversation(alice);
    var elsewhere = service.person(UUID.randomUUID(), "TENANT_OWNER");
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> place(elsewhere, conversation, "case 12"));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> release(elsewhere, conversation));
    assertProblem(
        Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> place(alice, conversation, "case 12"));
  }

  private List<LegalHold> holds() {
    return officer
        .holds()
        .listLegalHolds(ListLegalHoldsRequest.newBuilder().setPageSize(200).build())
        .getLegalHoldsList();
  }

  private static LegalHold place(Person by, Conversation conversation, String reason) {
    return by.holds()
        .placeLegalHold(
            PlaceLegalHoldRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setReason(reason)
                .build());
  }

  private static void release(Person by, Conversation conversation) {
    by.holds()
        .releaseLegalHold(
            ReleaseLegalHoldRequest.newBuilder().setConversationId(conversation.getId()).build());
  }

  private static void delete(Person by, Conversation conversation, boolean purge) {
    by.conversations()
        .deleteConversation(
            DeleteConversationRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setPurge(purge)
                .build());
  }

  private static Conversation get(Person person, Conversation conversation) {
    return person
        .conversations()
        .getConversation(
            GetConversationRequest.newBuilder().setConversationId(conversation.getId()).build());
  }

  private void overdue(Conversation conversation) {
    service.sql(
        "update conversation set purge_at = now() - interval '1 second' where conversation_id = '%s'"
            .formatted(conversation.getId()));
  }

  private int rows(Conversation conversation) {
    return service
        .column(
            "select conversation_id from conversation where conversation_id = '%s'"
                .formatted(conversation.getId()))
        .size();
  }
}
