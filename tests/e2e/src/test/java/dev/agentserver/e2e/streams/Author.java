package dev.agentserver.e2e.streams;

import dev.agentserver.conversation.v1.AppendMessageRequest;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.CompleteMessageRequest;
import dev.agentserver.conversation.v1.MessageStream;
import dev.agentserver.conversation.v1.MessageStreamServiceGrpc.MessageStreamServiceBlockingStub;
import dev.agentserver.conversation.v1.TakeOverMessageRequest;
import dev.agentserver.e2e.client.Failure;
import dev.agentserver.e2e.client.User;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Writes one message to its end, whatever dies meanwhile: after a failure it goes on as the writer
/// it was, or takes the message over, where the server says that the text ends.
final class Author {
  /// One way of writing: adds text until all of it is there, and ends the message.
  @FunctionalInterface
  interface Way {
    /// @return the text, once the message is complete; fails whenever the connection does
    String write(Author author) throws StatusException, InterruptedException;
  }

  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

  private final User user;
  private final Random random;
  private final Manuscript manuscript;
  private volatile String message;
  private long epoch;

  /// @param length of the text
  /// @param piece the length of the longest piece of it that is sent
  Author(User user, Random random, int length, int piece) {
    this.user = user;
    this.random = random;
    this.manuscript = new Manuscript(random, length, piece);
  }

  /// @return the message's id
  String write(String conversation, Way way) {
    begin(conversation);
    while (true) {
      try {
        var content = way.write(this);
        if (!content.equals(manuscript.text())) {
          throw new AssertionError("the reply to the end holds another text");
        }
        return message;
      } catch (StatusException failure) {
        requireExpected(failure.getStatus());
      } catch (StatusRuntimeException failure) {
        requireExpected(failure.getStatus());
      } catch (InterruptedException failure) {
        throw new AssertionError(failure);
      }
      goOn();
    }
  }

  private void begin(String conversation) {
    var request =
        BeginMessageRequest.newBuilder()
            .setConversationId(conversation)
            .setRequestId(UUID.randomUUID().toString())
            .build();
    var stream = untilAnswered(() -> streams().beginMessage(request));
    message = stream.getMessage().getId();
    epoch = stream.getWriterEpoch();
  }

  private void goOn() {
    LockSupport.parkNanos(PAUSE);
    if (random.nextBoolean()) {
      takeOver();
    }
  }

  /// Becomes a new writer, and sees that the one it was can write no more.
  private void takeOver() {
    var request =
        TakeOverMessageRequest.newBuilder()
            .setMessageId(message)
            .setRequestId(UUID.randomUUID().toString())
            .build();
    MessageStream stream;
    try {
      stream = untilAnswered(() -> streams().takeOverMessage(request));
    } catch (StatusRuntimeException refused) {
      // The end was stored before its answer was lost.
      requireReason("MESSAGE_NOT_STREAMING", refused);
      return;
    }
    var before = append().addDeltas(manuscript.pieces(manuscript.stored(), 1).getFirst()).build();
    epoch = stream.getWriterEpoch();
    manuscript.stored(stream.getPartLengthsList());
    try {
      untilAnswered(() -> streams().appendMessage(before));
      throw new AssertionError("a writer of the past was let in");
    } catch (StatusRuntimeException refused) {
      requireReason("WRITER_FENCED", refused);
    }
  }

  private static void requireReason(String reason, StatusRuntimeException refused) {
    if (!Failure.of(refused).reason().equals(reason)) {
      throw new AssertionError("refused for another reason", refused);
    }
  }

  private <T> T untilAnswered(Callable<T> call) {
    while (true) {
      try {
        return call.call();
      } catch (StatusRuntimeException failure) {
        if (!isExpected(failure.getStatus())) {
          throw failure;
        }
        LockSupport.parkNanos(PAUSE);
      } catch (Exception failure) {
        throw new AssertionError(failure);
      }
    }
  }

  private static void requireExpected(Status status) {
    if (!isExpected(status)) {
      throw new AssertionError(status);
    }
  }

  /// What a client has to expect of a server that comes and goes.
  static boolean isExpected(Status status) {
    return status.getCode() == Status.Code.UNAVAILABLE
        || status.getCode() == Status.Code.DEADLINE_EXCEEDED;
  }

  User user() {
    return user;
  }

  MessageStreamServiceBlockingStub streams() {
    return user.grpc().streams();
  }

  Random random() {
    return random;
  }

  Manuscript manuscript() {
    return manuscript;
  }

  String message() {
    return message;
  }

  long epoch() {
    return epoch;
  }

  AppendMessageRequest.Builder append() {
    return AppendMessageRequest.newBuilder().setMessageId(message).setWriterEpoch(epoch);
  }

  CompleteMessageRequest.Builder complete() {
    return CompleteMessageRequest.newBuilder()
        .setMessageId(message)
        .setWriterEpoch(epoch)
        .setFinishReason("stop")
        .addPartLengths(manuscript.length())
        .setContentSha256(Manuscript.sha256(manuscript.text()));
  }
}
