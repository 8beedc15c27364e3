package dev.agentserver.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.GetMessageRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import dev.agentserver.conversation.v1.MessageStream;
import dev.agentserver.conversation.v1.MessageStreamServiceGrpc;
import dev.agentserver.conversation.v1.TakeOverMessageRequest;
import io.grpc.StatusRuntimeException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// The messages that a run writes. Their ids come from the run and a key, so that a later attempt
/// finds what an earlier one wrote, and goes on with it as its new writer.
final class Messages {
  private final Lease lease;
  private final Map<MessageWriter, Runnable> open = new ConcurrentHashMap<>();
  private volatile String answer = "";
  private int takeOvers;

  Messages(Lease lease) {
    this.lease = lease;
  }

  /// The message that the run answers with; empty: none.
  String answer() {
    return answer;
  }

  void answer(String messageId) {
    answer = messageId;
  }

  MessageWriter begin(String key, BeginMessageRequest.Builder draft) {
    lease.check();
    var writer = new MessageWriter(lease, this, stream(key, draft));
    if (!writer.done()) {
      Runnable alive = writer::keepAlive;
      open.put(writer, alive);
      lease.along(alive);
    }
    return writer;
  }

  private MessageStream stream(String key, BeginMessageRequest.Builder draft) {
    try {
      return create(key, draft);
    } catch (StatusRuntimeException failure) {
      if (!Calls.reason(failure).equals("ALREADY_EXISTS")) {
        throw failure;
      }
    }
    try {
      return takeOver(id(key));
    } catch (StatusRuntimeException failure) {
      if (!Calls.reason(failure).equals("MESSAGE_NOT_STREAMING")) {
        throw failure;
      }
    }
    var ended = message(id(key));
    // What failed or was stopped stays so; this attempt answers anew.
    return ended.getState() == Message.State.STATE_COMPLETE
        ? MessageStream.newBuilder().setMessage(ended).build()
        : create(key + "/" + lease.epoch(), draft);
  }

  private MessageStream create(String key, BeginMessageRequest.Builder draft) {
    draft
        .setConversationId(lease.run().getConversationId())
        .setRunId(lease.run().getId())
        .setAgentId(lease.run().getAgentId())
        .setMessageId(id(key))
        .setRequestId(lease.name("begin/" + id(key)));
    return lease.call(MessageStreamServiceGrpc.getBeginMessageMethod(), draft.build());
  }

  private String id(String key) {
    var name = lease.run().getId() + "/message/" + key;
    return UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString();
  }

  private Message message(String id) {
    var request = GetMessageRequest.newBuilder().setMessageId(id).build();
    return lease.call(MessageServiceGrpc.getGetMessageMethod(), request);
  }

  /// Only who holds the run takes a message over: a late worker finds out here that it does not.
  MessageStream takeOver(String messageId) {
    lease.heartbeat();
    lease.check();
    takeOvers++;
    var request =
        TakeOverMessageRequest.newBuilder()
            .setMessageId(messageId)
            .setRequestId(lease.name("take-over/" + messageId + "/" + takeOvers))
            .build();
    return lease.call(MessageStreamServiceGrpc.getTakeOverMessageMethod(), request);
  }

  void ended(MessageWriter writer) {
    var alive = open.remove(writer);
    if (alive != null) {
      lease.notAlong(alive);
    }
  }

  /// Ends what the handler left open, so that nobody waits for the rest of it.
  void failOpen(String reason) {
    for (var writer : open.keySet()) {
      try {
        writer.fail(reason);
      } catch (StatusRuntimeException | Stopped _) {
        ended(writer);
      }
    }
  }
}
