package dev.agentserver.worker;

import dev.agentserver.conversation.v1.AppendMessageRequest;
import dev.agentserver.conversation.v1.AppendMessageResponse;
import dev.agentserver.conversation.v1.CompleteMessageRequest;
import dev.agentserver.conversation.v1.Delta;
import dev.agentserver.conversation.v1.FailMessageRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageStream;
import dev.agentserver.conversation.v1.MessageStreamServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.util.function.LongFunction;

/// Writes a message piece by piece. What [#append] returns from is durable and seen by everybody
/// who follows the conversation. For one thread.
public final class MessageWriter {
  private static final int LONGEST = 64 * 1024;

  private final Lease lease;
  private final Messages messages;
  private volatile MessageStream stream;
  private int part;
  private int offset;
  private String rest = "";

  MessageWriter(Lease lease, Messages messages, MessageStream stream) {
    this.lease = lease;
    this.messages = messages;
    this.stream = stream;
    var lengths = stream.getPartLengthsList();
    this.part = Math.max(0, lengths.size() - 1);
    this.offset = lengths.isEmpty() ? 0 : lengths.getLast();
  }

  public String id() {
    return stream.getMessage().getId();
  }

  /// What was there of the message when this worker began to write it: an earlier attempt wrote it.
  public String before() {
    return stream.getMessage().getContent();
  }

  /// Whether an earlier attempt has completed it: then it stays as it is, whatever is written.
  public boolean done() {
    return stream.getMessage().getState() == Message.State.STATE_COMPLETE;
  }

  /// Adds text at the end. Fails with [Stopped] once somebody has stopped the message.
  public void append(String text) {
    var whole = rest + text;
    // The halves of a character come together or not at all.
    var end = whole.length();
    if (end > 0 && Character.isHighSurrogate(whole.charAt(end - 1))) {
      end--;
    }
    rest = whole.substring(end);
    for (var from = 0; from < end; ) {
      var to = Math.min(end, from + LONGEST);
      if (to < end && Character.isHighSurrogate(whole.charAt(to - 1))) {
        to--;
      }
      write(whole.substring(from, to));
      from = to;
    }
  }

  /// What follows is a part of its own: a paragraph after what was done in between.
  public void nextPart() {
    if (offset > 0) {
      part++;
      offset = 0;
    }
  }

  private void write(String text) {
    if (done()) {
      return;
    }
    var delta = Delta.newBuilder().setPart(part).setOffset(offset).setText(text).build();
    var reply =
        held(
            MessageStreamServiceGrpc.getAppendMessageMethod(),
            epoch -> append(epoch).addDeltas(delta).build());
    stopWhere(reply);
    lease.check();
    offset += text.codePointCount(0, text.length());
  }

  /// Tells that the writer is alive though it says nothing.
  void keepAlive() {
    try {
      var request = append(stream.getWriterEpoch()).build();
      stopWhere(lease.call(MessageStreamServiceGrpc.getAppendMessageMethod(), request));
    } catch (StatusRuntimeException | Stopped _) {
      // The next piece of text finds out what is wrong.
    }
  }

  private AppendMessageRequest.Builder append(long epoch) {
    return AppendMessageRequest.newBuilder().setMessageId(id()).setWriterEpoch(epoch);
  }

  private void stopWhere(AppendMessageResponse reply) {
    if (reply.getStopRequested()) {
      lease.stop(Stopped.Reason.CANCELLED);
    }
  }

  /// Ends it well. It becomes the run's answer.
  public void complete(String finishReason) {
    complete(CompleteMessageRequest.newBuilder().setFinishReason(finishReason));
  }

  /// The same with what else is known, its model or its tokens.
  public void complete(CompleteMessageRequest.Builder ending) {
    if (!done()) {
      held(
          MessageStreamServiceGrpc.getCompleteMessageMethod(),
          epoch -> ending.setMessageId(id()).setWriterEpoch(epoch).build());
    }
    messages.ended(this);
    messages.answer(id());
  }

  /// Ends it in an error; its text is kept.
  public void fail(String reason) {
    held(
        MessageStreamServiceGrpc.getFailMessageMethod(),
        epoch ->
            FailMessageRequest.newBuilder()
                .setMessageId(id())
                .setWriterEpoch(epoch)
                .setReason(reason)
                .build());
    messages.ended(this);
  }

  /// A call of the message's writer. Where this one is not the writer any more, but still holds the
  /// run, it was taken for lost or a late worker took the message: it takes the message back,
  /// unless somebody has stopped it.
  private <Q, R> R held(MethodDescriptor<Q, R> method, LongFunction<Q> request) {
    try {
      return lease.call(method, request.apply(stream.getWriterEpoch()));
    } catch (StatusRuntimeException failure) {
      var reason = Calls.reason(failure);
      if (!reason.equals("WRITER_FENCED") && !reason.equals("MESSAGE_NOT_STREAMING")) {
        throw failure;
      }
      stream = takenBack();
      return lease.call(method, request.apply(stream.getWriterEpoch()));
    }
  }

  private MessageStream takenBack() {
    try {
      return messages.takeOver(id());
    } catch (StatusRuntimeException failure) {
      if (Calls.reason(failure).equals("MESSAGE_NOT_STREAMING")) {
        lease.stop(Stopped.Reason.CANCELLED);
        lease.check();
      }
      throw failure;
    }
  }
}
