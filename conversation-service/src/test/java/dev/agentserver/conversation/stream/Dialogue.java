package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.v1.AppendMessageRequest;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.CompleteMessageRequest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.Delta;
import dev.agentserver.conversation.v1.MessageStream;
import dev.agentserver.conversation.v1.MessageStreamServiceGrpc;
import dev.agentserver.conversation.v1.ResumeMessage;
import dev.agentserver.conversation.v1.StreamMessageRequest;
import dev.agentserver.conversation.v1.StreamMessageResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// An open StreamMessage call, as a writer holds it.
final class Dialogue implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 30;

  /// The stream has ended in order.
  static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private final BlockingQueue<Supplier<StreamMessageResponse>> arrivals =
      new LinkedBlockingQueue<>();
  private final Replies replies = new Replies();

  /// What the call tells.
  private final class Replies
      implements ClientResponseObserver<StreamMessageRequest, StreamMessageResponse> {
    private ClientCallStreamObserver<StreamMessageRequest> call;

    @Override
    public void beforeStart(ClientCallStreamObserver<StreamMessageRequest> stream) {
      call = stream;
    }

    @Override
    public void onNext(StreamMessageResponse reply) {
      arrivals.add(() -> reply);
    }

    @Override
    public void onError(Throwable failure) {
      arrivals.add(
          () -> {
            throw (RuntimeException) failure;
          });
    }

    @Override
    public void onCompleted() {
      arrivals.add(
          () -> {
            throw new Ended();
          });
    }
  }

  Dialogue(Person person) {
    MessageStreamServiceGrpc.newStub(person.channel()).streamMessage(replies);
  }

  static Dialogue begin(Person person, Conversation conversation) {
    var dialogue = new Dialogue(person);
    dialogue.begin(BeginMessageRequest.newBuilder().setConversationId(conversation.getId()));
    return dialogue;
  }

  /// Goes on as the writer that it names.
  static Dialogue resume(Person person, MessageStream stream) {
    var dialogue = new Dialogue(person);
    dialogue.send(
        StreamMessageRequest.newBuilder()
            .setResume(
                ResumeMessage.newBuilder()
                    .setMessageId(stream.getMessage().getId())
                    .setWriterEpoch(stream.getWriterEpoch())));
    return dialogue;
  }

  void begin(BeginMessageRequest.Builder begin) {
    send(StreamMessageRequest.newBuilder().setBegin(begin));
  }

  void text(int offset, String text) {
    var delta = Delta.newBuilder().setOffset(offset).setText(text);
    send(
        StreamMessageRequest.newBuilder()
            .setAppend(AppendMessageRequest.newBuilder().addDeltas(delta)));
  }

  void append(List<Delta> deltas) {
    send(
        StreamMessageRequest.newBuilder()
            .setAppend(AppendMessageRequest.newBuilder().addAllDeltas(deltas)));
  }

  void complete() {
    send(
        StreamMessageRequest.newBuilder()
            .setComplete(CompleteMessageRequest.newBuilder().setFinishReason("stop")));
  }

  void send(StreamMessageRequest.Builder step) {
    replies.call.onNext(step.build());
  }

  /// Whether the service asks for another step.
  boolean wanted() {
    return replies.call.isReady();
  }

  /// Says that there is no more.
  void finish() {
    replies.call.onCompleted();
  }

  MessageStream opened() {
    return next().getOpened();
  }

  /// Waits for what is next.
  StreamMessageResponse next() {
    try {
      var arrival = arrivals.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (arrival == null) {
        throw new AssertionError("nothing came");
      }
      return arrival.get();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  /// Everything until the stream ends in order.
  List<StreamMessageResponse> rest() {
    var all = new ArrayList<StreamMessageResponse>();
    while (true) {
      try {
        all.add(next());
      } catch (Ended end) {
        return all;
      }
    }
  }

  /// Goes away without a word.
  @Override
  public void close() {
    replies.call.cancel("the writer is gone", null);
  }
}
