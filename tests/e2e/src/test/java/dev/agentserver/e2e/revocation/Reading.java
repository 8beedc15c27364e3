package dev.agentserver.e2e.revocation;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.ConversationEventServiceGrpc;
import dev.agentserver.conversation.v1.WatchConversationRequest;
import dev.agentserver.e2e.client.Grpc;
import dev.agentserver.e2e.client.Http;
import io.grpc.StatusException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// An open stream of a conversation, read until it ends.
final class Reading {
  private final CountDownLatch open = new CountDownLatch(1);
  private final CompletableFuture<ConversationEvent> end = new CompletableFuture<>();

  private Reading() {}

  /// What reads; it returns the last message there was.
  private interface Reader {
    ConversationEvent read(Reading reading) throws Exception;
  }

  /// By server-sent events, through the gateway.
  static Reading bySse(Http http, String conversation) {
    var path = "/v1/conversations/" + conversation + ":watch";
    return begin(reading -> reading.sse(http.with("Accept", "text/event-stream"), path));
  }

  /// By gRPC.
  static Reading byGrpc(Grpc grpc, String conversation) {
    return begin(reading -> reading.grpc(grpc, conversation));
  }

  private static Reading begin(Reader reader) {
    var reading = new Reading();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                reading.end.complete(reader.read(reading));
              } catch (Exception failure) {
                reading.end.completeExceptionally(failure);
              } finally {
                reading.open.countDown();
              }
            });
    return reading;
  }

  private ConversationEvent sse(Http http, String path) throws IOException, InterruptedException {
    var response = http.open(path);
    if (response.statusCode() != 200) {
      throw new IOException("HTTP " + response.statusCode());
    }
    var last = ConversationEvent.getDefaultInstance();
    try (var lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data:")) {
          open.countDown();
          last = frame(line.substring("data:".length()), last);
        }
      }
    }
    return last;
  }

  /// The gateway's own last event carries no frame.
  private static ConversationEvent frame(String data, ConversationEvent last)
      throws InvalidProtocolBufferException {
    if (data.isBlank() || data.strip().equals("{}")) {
      return last;
    }
    var frame = ConversationEvent.newBuilder();
    JsonFormat.parser().merge(data, frame);
    return frame.build();
  }

  private ConversationEvent grpc(Grpc grpc, String conversation)
      throws StatusException, InterruptedException {
    var call =
        grpc.follow(
            ConversationEventServiceGrpc.getWatchConversationMethod(),
            WatchConversationRequest.newBuilder().setConversationId(conversation).build());
    var last = ConversationEvent.getDefaultInstance();
    for (var frame = call.read(); frame != null; frame = call.read()) {
      last = frame;
      open.countDown();
    }
    return last;
  }

  /// Waits until the server has begun to answer.
  void awaitOpen() {
    try {
      if (!open.await(30, TimeUnit.SECONDS) || end.isDone()) {
        throw new AssertionError("the stream did not open: " + end);
      }
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new AssertionError(failure);
    }
  }

  boolean isOpen() {
    return !end.isDone();
  }

  /// The last message of the stream, once it has ended well.
  ConversationEvent awaitEnd(Duration limit) {
    try {
      return end.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw new AssertionError("the stream did not end as it should", failure);
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new AssertionError(failure);
    }
  }
}
