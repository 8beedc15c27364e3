package dev.agentserver.gateway.transcode.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.api.AnnotationsProto;
import com.google.api.CustomHttpPattern;
import com.google.api.HttpRule;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import dev.agentserver.common.v1.Policy;
import dev.agentserver.gateway.contract.Contracts;
import dev.agentserver.gateway.contract.Methods;
import dev.agentserver.gateway.test.TestContracts;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoutesTest {
  /// A set with one service of one method, which takes and returns a Timestamp, for each rule.
  private static Routes routes(HttpRule... rules) {
    var service = ServiceDescriptorProto.newBuilder().setName("Clock");
    for (var rule : rules) {
      var options =
          MethodOptions.newBuilder()
              .setExtension(AnnotationsProto.http, rule)
              .setExtension(
                  dev.agentserver.common.v1.AnnotationsProto.policy,
                  Policy.newBuilder()
                      .setPermission("public")
                      .putAliasDefaults("seconds", "5")
                      .build());
      service.addMethod(
          MethodDescriptorProto.newBuilder()
              .setName("Tick" + service.getMethodCount())
              .setInputType(".google.protobuf.Timestamp")
              .setOutputType(".google.protobuf.Timestamp")
              .setOptions(options));
    }
    var file =
        FileDescriptorProto.newBuilder()
            .setName("clock.proto")
            .setPackage("clock")
            .setSyntax("proto3")
            .addDependency("google/protobuf/timestamp.proto")
            .addService(service);
    var set =
        FileDescriptorSet.newBuilder()
            .addFile(TimestampProto.getDescriptor().toProto())
            .addFile(StructProto.getDescriptor().toProto())
            .addFile(EmptyProto.getDescriptor().toProto())
            .addFile(file);
    var contracts = Contracts.parse(set.build().toByteArray());
    return new Routes(new Methods(contracts, Set.of("clock")));
  }

  private static void assertRefused(String why, HttpRule... rules) {
    assertThatIllegalArgumentException().isThrownBy(() -> routes(rules)).withMessageContaining(why);
  }

  private static HttpRule get(String path) {
    return HttpRule.newBuilder().setGet(path).build();
  }

  @Test
  void everyRouteOfTheRealContractsRegisters() {
    var contracts = Contracts.load(Optional.empty());
    var methods =
        new Methods(contracts, Set.of("agentserver.conversation.v1", "agentserver.settings.v1"));

    var routes = new Routes(methods).all();

    assertThat(routes)
        .extracting(route -> route.httpMethod() + " " + route.template())
        .contains(
            "POST /v1/conversations",
            "POST /conversations",
            "GET /conversations/{conversation_id}",
            "PATCH /conversations/{conversation.id}",
            "POST /v1/conversations/{conversation_id}:undelete",
            "POST /v1/conversations/{conversation_id}/messages:batchCreate",
            "GET /messages/{message_id}",
            "GET /v1/conversations/{conversation_id}:watch",
            "GET /v1/users/me/conversations:watch",
            "GET /.well-known/jwks.json");
    assertThat(routes)
        .filteredOn(route -> !route.defaults().isEmpty())
        .extracting(route -> route.template().text())
        .containsExactlyInAnyOrder("/conversations/{conversation_id}", "/users/me/chat-settings");
  }

  @Test
  void theTestsOwnContractsRegister() {
    var methods = new Methods(TestContracts.load(), Set.of("bookstore", "notebook"));

    assertThat(new Routes(methods).all())
        .extracting(route -> route.method().descriptor().getName())
        .contains(
            "CreateShelf", "CreateNote", "ListBooks", "WatchNote", "BulkCreateShelf", "Upload")
        .doesNotContain("Purge", "Forgotten");
  }

  @Test
  void aRuleOfEachKindIsARoute() {
    var custom = CustomHttpPattern.newBuilder().setKind("LOCK").setPath("/f");
    var routes =
        routes(
            get("/a"),
            HttpRule.newBuilder().setPut("/b").build(),
            HttpRule.newBuilder().setPost("/c").build(),
            HttpRule.newBuilder().setDelete("/d").build(),
            HttpRule.newBuilder()
                .setPatch("/e")
                .setBody("seconds")
                .setResponseBody("nanos")
                .build(),
            HttpRule.newBuilder().setCustom(custom).build());

    assertThat(routes.all())
        .extracting(Route::httpMethod)
        .isEqualTo(List.of("GET", "PUT", "POST", "DELETE", "PATCH", "LOCK"));
  }

  @Test
  void defaultsAreForLiteralRoutesOnly() {
    var rule =
        get("/v1/a").toBuilder()
            .addAdditionalBindings(get("/v1beta/a"))
            .addAdditionalBindings(get("/a"))
            .build();

    assertThat(routes(rule).all())
        .extracting(route -> route.defaults().size())
        .containsExactly(0, 0, 1);
  }

  @Test
  void routesThatCannotWorkAreRefused() {
    assertRefused("Could not find field \"unknown\"", get("/a/{unknown}"));
    assertRefused("no path", HttpRule.getDefaultInstance());
    assertRefused(
        "Could not find field \"unknown\"", get("/a").toBuilder().setBody("unknown").build());
    assertRefused(
        "Could not find field \"unknown\"",
        get("/a").toBuilder().setResponseBody("unknown").build());
    assertRefused("position", get("/a/**/*"));
    assertRefused("two routes are the same", get("/a/{seconds}"), get("/a/{nanos}"));
    var nested = get("/b").toBuilder().addAdditionalBindings(get("/c")).build();
    assertRefused("do not nest", get("/a").toBuilder().addAdditionalBindings(nested).build());
  }
}
