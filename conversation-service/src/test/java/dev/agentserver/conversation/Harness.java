package dev.agentserver.conversation;

import dev.agentserver.conversation.conversation.Trash;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.test.TestDatabase;
import dev.agentserver.kit.test.TestIdentity;
import dev.agentserver.kit.test.TestServer;
import io.grpc.Channel;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The service as tests start it: its own database, real tokens, every interceptor, no network.
public final class Harness implements AutoCloseable {
  private final TestDatabase database;
  private final TestIdentity identity = new TestIdentity();
  private final TestServer server;
  private final Trash trash;

  private Harness() {
    database = TestDatabase.fresh(Config.SCHEMA);
    server = null;
    trash = null;
  }

  static Harness start() {
    return new Harness();
  }

  Person person(UUID tenant, String... roles) {
    var caller = caller(tenant, roles);
    return Person.on(caller, channel(caller));
  }

  Caller caller(UUID tenant, String... roles) {
    return TestIdentity.user(tenant, roles);
  }

  Caller servicePrincipal() {
    return TestIdentity.service();
  }

  Channel channel(@Nullable Caller caller) {
    return server.channel(caller);
  }

  public Trash trash() {
    return trash;
  }

  public void join(String conversationId, UUID tenant, Person person, String role) {
    join(conversationId, tenant, person.caller().principalId(), role);
  }

  /// Makes somebody a member.
  public void join(String conversationId, UUID tenant, UUID user, String role) {
    sql(
        "insert into conversation_member (tenant_id, conversation_id, user_id, role, last_activity_at) values ('%s', '%s', '%s', '%s', now())"
            .formatted(tenant, conversationId, user, role));
  }

  public void sql(String script) {
    database.sql(script);
  }

  public List<String> column(String query) {
    return database.rows(query);
  }

  public int statements(Runnable work) {
    return database.statements(work);
  }

  @Override
  public void close() {
    server.close();
    identity.close();
    database.close();
  }
}
