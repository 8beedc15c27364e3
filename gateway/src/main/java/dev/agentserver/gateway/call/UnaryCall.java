package dev.agentserver.gateway.call;

import dev.agentserver.gateway.fault.Answers;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// A call with one reply, waited for on the calling (virtual) thread.
public final class UnaryCall {
  /// What a service replied.
  ///
  /// @param headers its own metadata
  public record Reply(Metadata headers, byte[] message) {}

  private final Endpoint endpoint;
  private final Answers answers;

  public UnaryCall(Endpoint endpoint, Answers answers) {
    this.endpoint = endpoint;
    this.answers = answers;
  }

  /// Calls and waits; an end that is not OK is a Fault.
  ///
  /// @param gone completes when the client has gone away, and the call is then cancelled
  public Reply send(
      CallOptions options, Metadata metadata, Sending sending, CompletableFuture<?> gone) {
    var ending = new Ending(endpoint.method().upstream());
    var direct = ending.watch(options.withExecutor(Runnable::run));
    var call = endpoint.channel().newCall(endpoint.wire(), direct);
    var reply = new CompletableFuture<Reply>();
    Runnable start =
        () -> {
          call.start(new Listener(reply, sending, ending, answers), metadata);
          call.request(2);
        };
    gone.thenRun(() -> ending.cancel(call, "the client went away", null));
    try {
      sending.send(MessageSink.starting(call, start));
    } catch (RuntimeException refused) {
      ending.cancel(call, "the gateway ends the call", refused);
      throw gone.isDone() ? answers.cancelled() : refused;
    }
    try {
      return reply.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException fault) {
        throw fault;
      }
      throw failed;
    }
  }

  private static final class Listener extends ClientCall.Listener<byte[]> {
    private final CompletableFuture<Reply> reply;
    private final Sending sending;
    private final Ending ending;
    private final Answers answers;
    private Metadata headers = new Metadata();
    private byte @Nullable [] message;

    private Listener(
        CompletableFuture<Reply> reply, Sending sending, Ending ending, Answers answers) {
      this.reply = reply;
      this.sending = sending;
      this.ending = ending;
      this.answers = answers;
    }

    @Override
    public void onHeaders(Metadata received) {
      headers = received;
    }

    @Override
    public void onMessage(byte[] received) {
      message = received;
    }

    @Override
    public void onReady() {
      sending.ready();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      sending.over();
      if (!status.isOk()) {
        reply.completeExceptionally(ending.fault(answers, status, trailers));
      } else if (message == null) {
        reply.completeExceptionally(
            answers.internal("a service ended a unary call well without a reply", null));
      } else {
        reply.complete(new Reply(headers, message));
      }
    }
  }
}
