package dev.agentserver.benchmarks.load;

import dev.agentserver.benchmarks.measure.Done;
import dev.agentserver.benchmarks.measure.Driver;
import dev.agentserver.benchmarks.measure.Stopwatch;
import dev.agentserver.benchmarks.system.Account;
import dev.agentserver.conversation.v1.ListMessagesRequest;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import dev.agentserver.conversation.v1.MessageServiceGrpc.MessageServiceBlockingStub;
import java.net.URI;
import java.time.Duration;

/// Reads a conversation from its first message to its newest, in the largest pages there are.
public record Walk(URI server, Account account, String conversation) implements Driver {
  private static final int PAGE = 1_000;

  @Override
  public Done run(Duration time) {
    var channel = Account.channel(server);
    try {
      var messages = messages(channel);
      var watch = new Stopwatch();
      var end = System.nanoTime() + time.toNanos();
      for (var now = System.nanoTime(); now < end; now = System.nanoTime()) {
        walk(messages, Integer.MAX_VALUE);
        watch.good(1, System.nanoTime() - now);
      }
      return watch.done();
    } finally {
      channel.shutdownNow();
    }
  }

  /// The token of the page that begins after so many messages.
  public String after(int count) {
    var channel = Account.channel(server);
    try {
      return walk(messages(channel), count);
    } finally {
      channel.shutdownNow();
    }
  }

  private MessageServiceBlockingStub messages(io.grpc.Channel channel) {
    return Account.as(account.token(), MessageServiceGrpc.newBlockingStub(channel));
  }

  private String walk(MessageServiceBlockingStub messages, int count) {
    var token = "";
    for (var left = count; left > 0; ) {
      var request =
          ListMessagesRequest.newBuilder()
              .setConversationId(conversation)
              .setPageSize(Math.min(PAGE, left))
              .setPageToken(token);
      var page = messages.listMessages(request.build());
      token = page.getNextPageToken();
      left = token.isEmpty() ? 0 : left - page.getMessagesCount();
    }
    return token;
  }
}
