package dev.agentserver.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.ExtensionRegistry;
import dev.agentserver.gateway.contract.Contracts;
import dev.agentserver.gateway.contract.Method;
import dev.agentserver.gateway.contract.Methods;
import dev.agentserver.gateway.test.TestContracts;
import dev.agentserver.gateway.test.TestGateway;
import dev.agentserver.gateway.transcode.route.Routes;
import dev.agentserver.test.notebook.Chunk;
import dev.agentserver.test.notebook.VaultServiceGrpc;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is for clients of gRPC alone, by every protocol that the gateway speaks.
class GrpcOnlyTest {
  private static final String PATH = "/notebook.v1.VaultService/Open";
  private static final String REFUSED = "GRPC_ONLY";
  private static final Chunk SECRET = Chunk.newBuilder().setNumber(4711).build();
  private static final Chunk OTHER = Chunk.newBuilder().setNumber(4712).build();

  @Test
  void itIsReachedByGrpcAndByNothingElse() {
    try (var gateway = new TestGateway()) {
      assertGrpc(gateway);
      assertWebIsRefused(gateway);
      var json = gateway.send("POST", PATH, "{\"number\": 4712}");
      assertThat(json.statusCode()).isEqualTo(501);
      assertThat(json.body()).contains(REFUSED, "notebook.v1.VaultService/Open");
      assertThat(gateway.send("GET", PATH + "?number=4712", "").body()).contains(REFUSED);
      var raw = post(gateway, "application/octet-stream", OTHER.toByteArray());
      assertThat(raw.statusCode()).isEqualTo(501);
      assertThat(raw.body()).contains(REFUSED);
      assertThat(gateway.recorder().message()).as("nothing else came through").isEqualTo(SECRET);
    }
  }

  @Test
  void aWebSocketDoesNotReachItEither() throws IOException {
    try (var gateway = new TestGateway();
        var client = new dev.agentserver.gateway.test.RawClient(gateway)) {
      client.send(
          "GET %s HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  .formatted(PATH)
              + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
      assertThat(client.answer()).startsWith("HTTP/1.1 501").contains(REFUSED);
    }
  }

  @Test
  void modeEnvoyDoesNotMapItEither(@TempDir Path folder) throws IOException {
    var options = Files.writeString(folder.resolve("options.yaml"), "auto_mapping: true");
    var variables = Map.of("GATEWAY_MODE", "envoy", "GATEWAY_TRANSCODER", options.toString());
    try (var gateway = new TestGateway(new HashMap<>(variables))) {
      assertGrpc(gateway);
      assertWebIsRefused(gateway);
      assertThat(gateway.send("POST", "/notebook.v1.StreamService/Unary", "{}").statusCode())
          .as("others are mapped")
          .isEqualTo(200);
      var json = gateway.send("POST", PATH, "{\"number\": 4712}");
      assertThat(json.statusCode()).isEqualTo(501);
      assertThat(json.body()).contains("is for clients of gRPC");
    }
  }

  @Test
  void aRouteOfItStopsTheStart() throws IOException {
    var registry = ExtensionRegistry.newInstance();
    com.google.api.AnnotationsProto.registerAllExtensions(registry);
    dev.agentserver.common.v1.AnnotationsProto.registerAllExtensions(registry);
    var set =
        FileDescriptorSet.parseFrom(Files.readAllBytes(TestContracts.file()), registry).toBuilder();
    for (var file : set.getFileBuilderList()) {
      file.getServiceBuilderList().stream()
          .filter(service -> service.getName().equals("VaultService"))
          .forEach(
              service ->
                  service
                      .getMethodBuilder(0)
                      .getOptionsBuilder()
                      .setExtension(
                          com.google.api.AnnotationsProto.http,
                          com.google.api.HttpRule.newBuilder().setPost("/v1/vault").build()));
    }
    var methods = new Methods(Contracts.parse(set.build().toByteArray()), Set.of("notebook"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Routes(methods))
        .withMessageContaining("is for gRPC alone");
  }

  @Test
  void secretsForRunsHaveNoOtherDoorAndThoseForServicesNone() {
    var methods = new Methods(Contracts.load(Optional.empty()), Set.of("agentserver.settings.v1"));
    var service = "agentserver.settings.v1.SecretAccessService";
    assertThat(methods.find(service + "/Reveal")).isEmpty();
    assertThat(methods.find(service + "/RevealForRun")).get().matches(Method::isGrpcOnly);
    assertThat(new Routes(methods).all())
        .isNotEmpty()
        .noneMatch(route -> route.method().service().equals(service));
  }

  private static void assertGrpc(TestGateway gateway) {
    var headers = new Metadata();
    headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer a.b.c");
    var vault =
        VaultServiceGrpc.newBlockingStub(gateway.channel())
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    assertThat(vault.open(SECRET)).isEqualTo(SECRET);
  }

  private static void assertWebIsRefused(TestGateway gateway) {
    var frame =
        ByteBuffer.allocate(5 + OTHER.getSerializedSize())
            .put((byte) 0)
            .putInt(OTHER.getSerializedSize())
            .put(OTHER.toByteArray())
            .array();
    for (var type : List.of("application/grpc-web", "application/grpc-web+proto")) {
      assertThat(isRefused(post(gateway, type, frame))).as(type).isTrue();
    }
    for (var type : List.of("application/grpc-web-text", "application/grpc-web-text+proto")) {
      assertThat(isRefused(post(gateway, type, Base64.getEncoder().encode(frame))))
          .as(type)
          .isTrue();
    }
  }

  private static boolean isRefused(HttpResponse<String> response) {
    var status = response.headers().firstValue("grpc-status").orElse("");
    return status.equals("12") || response.statusCode() == 501;
  }

  private static HttpResponse<String> post(TestGateway gateway, String type, byte[] body) {
    return gateway.send(
        gateway
            .request(PATH)
            .header("Content-Type", type)
            .header("Authorization", "Bearer a.b.c")
            .POST(BodyPublishers.ofByteArray(body)));
  }
}
