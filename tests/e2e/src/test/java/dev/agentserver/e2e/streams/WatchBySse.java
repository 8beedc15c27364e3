package dev.agentserver.e2e.streams;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.streams.ServerSentEvents.Sent;
import java.io.IOException;
import java.util.Set;
import java.util.function.Consumer;

/// Follows by server-sent events, with Last-Event-ID as browsers send it.
record WatchBySse(User user, String conversation) implements Follower.Connection {
  /// What a gateway answers when it, or what is behind it, is not there now.
  private static final Set<Integer> LATER = Set.of(429, 502, 503, 504);

  @Override
  public String follow(long after, Consumer<ConversationEvent> frames)
      throws IOException, InterruptedException {
    var http = user.http().with("Accept", "text/event-stream");
    var resuming = after == 0 ? http : http.with("Last-Event-ID", Long.toString(after));
    var response = resuming.open("/v1/conversations/" + conversation + ":watch");
    try (var body = response.body()) {
      if (LATER.contains(response.statusCode())) {
        return "HTTP " + response.statusCode();
      }
      if (response.statusCode() != 200) {
        throw new AssertionError("HTTP " + response.statusCode());
      }
      var events = new ServerSentEvents(body);
      for (var sent = events.next(); sent != null; sent = events.next()) {
        if (sent.type().equals("error")) {
          requireUnavailable(sent.data());
          return "an event error";
        }
        frames.accept(frame(sent));
      }
      return "end";
    }
  }

  static void requireUnavailable(String status) {
    if (!status.contains("UNAVAILABLE")) {
      throw new AssertionError("the stream failed: " + status);
    }
  }

  /// The frame, whose id and type must be those of its data.
  static ConversationEvent frame(Sent sent) {
    var frame = ConversationEvent.newBuilder();
    try {
      JsonFormat.parser().merge(sent.data(), frame);
    } catch (InvalidProtocolBufferException damaged) {
      throw new AssertionError(sent.data(), damaged);
    }
    var field =
        ConversationEvent.getDescriptor().findFieldByNumber(frame.getEventCase().getNumber());
    if (!sent.id().equals(Long.toString(frame.getSeq())) || !sent.type().equals(field.getName())) {
      throw new AssertionError("id or type are not those of the data: " + sent);
    }
    return frame.build();
  }
}
