package dev.agentserver.conversation.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.v1.Branch;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageEnded;
import dev.agentserver.conversation.v1.Snapshot;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// A client of the simplest kind: it replaces messages by those of a snapshot, appends what parts
/// grow by, and keeps its last seq. It fails when anything is missing, twice, or out of place.
public final class NaiveReader {
  private final Map<String, ReadMessage> messages = new LinkedHashMap<>();
  private final Map<Integer, Branch> branches = new HashMap<>();
  private long seq;

  /// @param after the last event that it has
  public NaiveReader(long after) {
    this.seq = after;
    branches.put(0, Branch.newBuilder().setForkDepth(-1).build());
  }

  public long seq() {
    return seq;
  }

  public Set<String> messageIds() {
    return messages.keySet();
  }

  public NaiveReader apply(Iterable<ConversationEvent> events) {
    events.forEach(this::apply);
    return this;
  }

  public void apply(ConversationEvent event) {
    switch (event.getEventCase()) {
      case SNAPSHOT -> replace(event.getSeq(), event.getSnapshot());
      case HEARTBEAT, END -> assertThat(event.getSeq()).as("seq of a frame").isEqualTo(seq);
      default -> {
        assertThat(event.getSeq()).as("seq of %s", event).isEqualTo(seq + 1);
        seq = event.getSeq();
        happened(event);
      }
    }
  }

  private void replace(long at, Snapshot snapshot) {
    if (snapshot.getLast()) {
      assertThat(at).as("seq of a snapshot").isGreaterThanOrEqualTo(seq);
      assertThat(snapshot.hasConversation()).as("the last frame has the conversation").isTrue();
      seq = at;
    } else {
      assertThat(at).as("seq of an unfinished snapshot").isEqualTo(seq);
    }
    snapshot.getBranchesList().forEach(branch -> branches.put(branch.getBranchNo(), branch));
    snapshot.getMessagesList().forEach(this::put);
  }

  private void put(Message message) {
    assertThat(branches).as("the branch of a message").containsKey(message.getBranchNo());
    assertThat(message.getDepth())
        .isGreaterThan(branches.get(message.getBranchNo()).getForkDepth());
    messages.put(message.getId(), new ReadMessage(message));
  }

  private void happened(ConversationEvent event) {
    switch (event.getEventCase()) {
      case MESSAGE_CREATED -> {
        var message = event.getMessageCreated().getMessage();
        assertThat(messages).as("created once").doesNotContainKey(message.getId());
        assertThat(message.getSeq()).isEqualTo(event.getSeq());
        put(message);
      }
      case PART_STARTED -> {
        var started = event.getPartStarted();
        message(started.getMessageId()).start(started.getPart(), started.getStart());
      }
      case PART_DELTA -> {
        var delta = event.getPartDelta();
        message(delta.getMessageId()).grow(delta.getPart(), delta.getOffset(), delta.getText());
      }
      case PART_DONE -> {
        var done = event.getPartDone();
        message(done.getMessageId()).done(done.getPart(), done.getLength(), done.getSignature());
      }
      case MESSAGE_COMPLETED -> ended(event.getMessageCompleted());
      case MESSAGE_FAILED -> ended(event.getMessageFailed());
      case MESSAGE_UPDATED -> {
        var updated = event.getMessageUpdated();
        message(updated.getMessageId()).state(updated.getState());
      }
      case BRANCH_CREATED -> {
        var created = event.getBranchCreated();
        assertThat(branches).as("the parent of a branch").containsKey(created.getParentBranchNo());
        var branch =
            Branch.newBuilder()
                .setBranchNo(created.getBranchNo())
                .setParentBranchNo(created.getParentBranchNo())
                .setForkDepth(created.getForkDepth());
        assertThat(branches.put(branch.getBranchNo(), branch.build())).isNull();
      }
      case MESSAGE_DELETED -> message(event.getMessageDeleted().getMessageId()).delete();
      case BRANCH_SWITCHED, CONVERSATION_UPDATED, CONVERSATION_DELETED -> {
        // Not about messages.
      }
      default -> throw new AssertionError("what is " + event);
    }
  }

  private ReadMessage message(String id) {
    assertThat(messages).as("the message of an event").containsKey(id);
    return messages.get(id);
  }

  private void ended(MessageEnded ended) {
    var message = message(ended.getMessageId());
    message.ended(ended.getPartLengthsList());
    message.state(ended.getState());
    assertThat(sha256(message.content())).isEqualTo(ended.getContentSha256());
  }

  /// Fails unless what was read is what the service says the message is.
  public NaiveReader hasRead(Message actual) {
    message(actual.getId()).is(actual);
    return this;
  }

  private static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
