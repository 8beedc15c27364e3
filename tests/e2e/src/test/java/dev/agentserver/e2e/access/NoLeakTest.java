package dev.agentserver.e2e.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.protobuf.Message;
import dev.agentserver.e2e.client.Reply;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/// What is somebody else's cannot be told from what does not exist.
@ExtendWith(SharedServer.class)
class NoLeakTest {
  private static final Set<String> OF_EACH_REQUEST = Set.of("date", "x-request-id");
  private static final String ID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

  private final Server server;

  NoLeakTest(Server server) {
    this.server = server;
  }

  @TestFactory
  Stream<DynamicTest> anotherTenantsIdIsAnsweredLikeOneThatNobodyHas() {
    return answersAlike(User.of(server, 2, "curious", "TENANT_OWNER"));
  }

  @TestFactory
  Stream<DynamicTest> aStrangersIdIsAnsweredLikeOneThatNobodyHas() {
    return answersAlike(User.member(server));
  }

  private Stream<DynamicTest> answersAlike(User curious) {
    var owner = User.member(server);
    return Contracts.rpcs().stream()
        .filter(rpc -> rpc.served() && rpc.ofUsers() && rpc.hasTarget())
        .map(rpc -> dynamicTest(rpc.name(), () -> assertAlike(rpc, owner, curious)));
  }

  private void assertAlike(Rpc rpc, User owner, User curious) {
    var real = Target.of(owner, rpc).ids();
    var random = new HashMap<>(real);
    random.put("conversation", UUID.randomUUID().toString());
    random.put("message", UUID.randomUUID().toString());
    for (var route : rpc.routes()) {
      var seen = RestForm.of(rpc.method(), route, request(rpc, real)).send(curious.http());
      var unseen = RestForm.of(rpc.method(), route, request(rpc, random)).send(curious.http());
      assertThat(seen.status()).isEqualTo(404);
      assertThat(anonymized(seen)).isEqualTo(anonymized(unseen));
      assertThat(headers(seen)).isEqualTo(headers(unseen));
    }
  }

  @Test
  void listsHoldOnlyWhatIsTheCallersOwn() {
    var owner = User.member(server);
    var id = owner.conversation("mine");
    for (var other : new User[] {User.member(server), User.owner(server, 2)}) {
      for (var path : new String[] {"/conversations", "/conversations?show_deleted=true"}) {
        assertThat(other.http().get(path).expect(200).body()).doesNotContain(id);
      }
    }
  }

  @Test
  void anIdTakenInAnotherTenantIsFree() {
    var id = UUID.randomUUID().toString();
    var body = "{\"conversation_id\":\"" + id + "\",\"external_id\":\"" + id + "\"}";
    User.member(server).http().post("/v1/conversations", body).expect(201);
    User.of(server, 2, "other").http().post("/v1/conversations", body).expect(201);
  }

  private Message request(Rpc rpc, Map<String, String> ids) {
    return new Sample(ids, server.key(1)).of(rpc);
  }

  private static String anonymized(Reply reply) {
    return reply.body().replaceAll(ID, "ID").replaceAll("\"request_id\":\\s*\"[^\"]*\"", "REQUEST");
  }

  private static Map<String, Object> headers(Reply reply) {
    var headers = new TreeMap<String, Object>(reply.headers().map());
    headers.keySet().removeAll(OF_EACH_REQUEST);
    return headers;
  }
}
