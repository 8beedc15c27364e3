package dev.agentserver.benchmarks.system;

import dev.agentserver.benchmarks.measure.Processes;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// A conversation-service with a database of its own, in which a tenant has a given number of
/// messages: some of a member, who has as many in each, and the rest of others.
public record Grown(Child child, Postgres postgres) implements AutoCloseable {
  /// The member's conversations.
  public static final int OWN = 50;

  /// The messages of each conversation.
  public static final int MESSAGES = 10;

  /// Makes the tenant what it is in the beginning.
  public void load(UUID tenant, UUID member, int messages) {
    postgres.run("truncate conversation, conversation_event, message_search cascade");
    load(tenant, member, Ids.WRITTEN, OWN, false);
    load(tenant, member, Ids.OTHERS, messages / MESSAGES - OWN, true);
    postgres.run("vacuum analyze");
    postgres.run("checkpoint");
  }

  private void load(UUID tenant, UUID member, int first, int conversations, boolean others) {
    var values =
        Map.of(
            "tenant", tenant,
            "member", member,
            "prefix", Ids.PREFIX,
            "first", first,
            "conversations", conversations,
            "messages", MESSAGES,
            "others", others);
    postgres.run(Script.of("conversations.sql", values));
  }

  /// Where it answers.
  public URI address() {
    return URI.create("http://127.0.0.1:" + child.address());
  }

  /// The processes that answer.
  public Processes processes() {
    return new Processes(List.of(child.pid()), postgres.postmaster());
  }

  @Override
  public void close() {
    child.close();
  }
}
