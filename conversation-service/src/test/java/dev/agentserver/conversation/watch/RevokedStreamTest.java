package dev.agentserver.conversation.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.End.Reason;
import dev.agentserver.conversation.v1.WatchConversationRequest;
import dev.agentserver.conversation.v1.WatchConversationsRequest;
import dev.agentserver.kit.identity.Revocation;
import dev.agentserver.kit.identity.Revocation.Kind;
import java.time.Instant;
import java.util.Iterator;
import org.junit.jupiter.api.Test;

class RevokedStreamTest extends ServiceTest {
  @Test
  void aRevokedReaderLosesTheStreamAtTheNextHeartbeat() {
    var conversation = conversation(alice);
    var request =
        WatchConversationRequest.newBuilder().setConversationId(conversation.getId()).build();
    var stream = alice.events().watchConversation(request);
    assertThat(stream.next().hasHeartbeat()).isTrue();

    var subject = alice.caller().principalId().toString();
    service.revocations().add(new Revocation(1, Kind.PRINCIPAL, subject, Instant.now()));

    assertThat(last(stream).getEnd().getReason()).isEqualTo(Reason.REASON_REVOKED);
  }

  @Test
  void theListOfARevokedReaderEndsToo() {
    var carol = service.person(TENANT, "MEMBER");
    var stream = carol.events().watchConversations(WatchConversationsRequest.getDefaultInstance());
    assertThat(stream.next().hasHeartbeat()).isTrue();

    var subject = carol.caller().principalId().toString();
    service.revocations().add(new Revocation(2, Kind.PRINCIPAL, subject, Instant.now()));

    var change = stream.next();
    while (stream.hasNext()) {
      change = stream.next();
    }
    assertThat(change.getEnd().getReason()).isEqualTo(Reason.REASON_REVOKED);
  }

  private static ConversationEvent last(Iterator<ConversationEvent> stream) {
    var event = stream.next();
    while (stream.hasNext()) {
      event = stream.next();
    }
    return event;
  }
}
