package dev.agentserver.gateway.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.gateway.GatewayConfig;
import dev.agentserver.gateway.contract.Contracts;
import dev.agentserver.gateway.test.TestContracts;
import dev.agentserver.gateway.transcode.options.Option;
import dev.agentserver.kit.config.Environment;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder;
import io.envoyproxy.envoy.extensions.filters.http.grpc_web.v3.GrpcWeb;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.Yaml;

/// Reads the file as Envoy does: by Envoy's own messages, which know every field and every value.
class EnvoyConfigTest {
  private static final Path ROOT = Path.of("..");
  private static final Path FILE = ROOT.resolve("deploy/envoy.yaml");
  private static final TypeRegistry TYPES =
      TypeRegistry.newBuilder()
          .add(HttpConnectionManager.getDescriptor())
          .add(Cors.getDescriptor())
          .add(CorsPolicy.getDescriptor())
          .add(GrpcWeb.getDescriptor())
          .add(ExtAuthz.getDescriptor())
          .add(ExtAuthzPerRoute.getDescriptor())
          .add(GrpcJsonTranscoder.getDescriptor())
          .add(Router.getDescriptor())
          .add(HttpProtocolOptions.getDescriptor())
          .build();

  @Test
  void theShippedFileIsMadeFromTheContractsAndTheComposeFile() throws IOException {
    var made = EnvoyConfig.of(composed());
    if (Boolean.getBoolean("envoy.write")) {
      Files.writeString(FILE, made);
    }
    assertThat(Files.readString(FILE))
        .as("make it anew with -Denvoy.write=true when the contracts have changed")
        .isEqualTo(made);
    bootstrap(made);
  }

  @Test
  void everyMethodThatIsServedHasItsRouteAndNoOther() throws IOException {
    var manager = manager(EnvoyConfig.of(composed()));
    var paths =
        routes(manager)
            .map(route -> route.getMatch().getPath())
            .filter(path -> !path.isEmpty())
            .toList();
    var served =
        Contracts.load(Optional.empty()).services().stream()
            .filter(service -> !service.getFile().getPackage().equals("agentserver.common.v1"))
            .flatMap(service -> service.getMethods().stream())
            .toList();
    for (var method : served) {
      var policy =
          method.getOptions().getExtension(dev.agentserver.common.v1.AnnotationsProto.policy);
      var path = "/" + method.getService().getFullName() + "/" + method.getName();
      assertThat(paths.contains(path)).as(path).isEqualTo(!policy.getInternal());
    }
    assertThat(paths).doesNotHaveDuplicates();
  }

  @Test
  void whatIsNamedIsThere() throws IOException {
    var made = EnvoyConfig.of(composed());
    var clusters =
        bootstrap(made).getStaticResources().getClustersList().stream()
            .map(Cluster::getName)
            .toList();
    var manager = manager(made);
    assertThat(clusters).doesNotHaveDuplicates();
    assertThat(
            routes(manager)
                .filter(Route::hasRoute)
                .map(route -> route.getRoute().getCluster())
                .distinct())
        .isNotEmpty()
        .allMatch(clusters::contains);
    var authorization = filter(manager, ExtAuthz.class);
    assertThat(clusters).contains(authorization.getGrpcService().getEnvoyGrpc().getClusterName());
    assertThat(authorization.getFailureModeAllow()).isFalse();
    assertThat(filter(manager, GrpcJsonTranscoder.class).getServicesList())
        .contains("agentserver.conversation.v1.ConversationService")
        .doesNotContain("agentserver.settings.v1.RevocationService");
    assertThat(manager.getHttpFiltersList())
        .extracting(HttpFilter::getName)
        .containsExactly(
            "envoy.filters.http.cors",
            "envoy.filters.http.grpc_web",
            "envoy.filters.http.ext_authz",
            "envoy.filters.http.grpc_json_transcoder",
            "envoy.filters.http.router");
  }

  @ParameterizedTest
  // Envoy's messages on the class path are older than this one.
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "STREAM_SSE_STYLE_DELIMITED")
  void whatAnOptionSaysIsToldEnvoyInItsOwnName(Option option, @TempDir Path folder)
      throws IOException {
    var value =
        switch (option) {
          case URL_UNESCAPE_SPEC -> "ALL_CHARACTERS";
          case IGNORED_QUERY_PARAMETERS -> "[key]";
          case SERVICES -> "[agentserver.conversation.v1.ConversationService]";
          case MAX_REQUEST_BODY_SIZE, MAX_RESPONSE_BODY_SIZE -> "77";
          default -> "true";
        };
    var said = option.path().replace(".", ": {") + ": " + value;
    var file = folder.resolve("options.yaml");
    Files.writeString(file, option.path().contains(".") ? said + "}" : said);

    var variables = Map.of("GATEWAY_MODE", "envoy", "GATEWAY_TRANSCODER", file.toString());
    var made = EnvoyConfig.of(GatewayConfig.from(Environment.of(variables)));

    assertThat(filter(manager(made), GrpcJsonTranscoder.class).toString())
        .contains(option.name().toLowerCase(Locale.ROOT))
        .contains(value.replaceAll("[\\[\\]]", ""));
  }

  @Test
  void doorsOriginsAndReplicasAreToldToo() throws IOException {
    var made =
        EnvoyConfig.of(
            GatewayConfig.from(
                Environment.of(
                    Map.of(
                        "DESCRIPTOR_SET", TestContracts.file().toString(),
                        "CORS_ORIGINS", "https://a.example,https://b.example:8443",
                        "ACCESS_TARGET", "dns:///access:1",
                        "UPSTREAMS", "bookstore=static:one:2,two:3;notebook=dns:///notes:4",
                        "HTTP_UPSTREAMS", "notebook=static:attic:5"))));
    var clusters =
        bootstrap(made).getStaticResources().getClustersList().stream()
            .map(Cluster::getName)
            .toList();
    assertThat(clusters).containsExactlyInAnyOrder("access-1", "one-2", "notes-4", "attic-5");
    var one = bootstrap(made).getStaticResources().getClusters(clusters.indexOf("one-2"));
    assertThat(one.getLoadAssignment().getEndpoints(0).getLbEndpointsCount()).isEqualTo(2);
    var manager = manager(made);
    assertThat(
            routes(manager)
                .filter(route -> route.getRoute().getCluster().equals("attic-5"))
                .map(route -> route.getMatch().getPrefix()))
        .containsExactly("/attic/", "/gallery/v1/", "");
    var drawing =
        routes(manager)
            .map(route -> route.getMatch())
            .filter(match -> match.hasSafeRegex())
            .toList();
    assertThat(drawing)
        .singleElement()
        .satisfies(
            match -> {
              assertThat("/v1/notes/7/drawing").matches(match.getSafeRegex().getRegex());
              assertThat(match.getHeaders(0).getName()).isEqualTo(":method");
              assertThat(match.getHeaders(0).getStringMatch().getSafeRegex().getRegex())
                  .isEqualTo("GET|HEAD");
            });
    var vault =
        routes(manager)
            .filter(route -> route.getMatch().getPath().equals("/notebook.v1.VaultService/Open"))
            .findFirst()
            .orElseThrow()
            .getMatch()
            .getHeaders(0);
    assertThat(vault.getName()).isEqualTo("content-type");
    var types = vault.getStringMatch().getSafeRegex().getRegex();
    assertThat(List.of("application/grpc", "application/grpc+proto"))
        .allMatch(t -> t.matches(types));
    assertThat(
            List.of("application/grpc-web+proto", "application/json", "application/grpc-web-text"))
        .noneMatch(type -> type.matches(types));
    var policy =
        manager
            .getRouteConfig()
            .getVirtualHosts(0)
            .getTypedPerFilterConfigOrThrow("envoy.filters.http.cors")
            .unpack(CorsPolicy.class);
    assertThat(policy.getAllowOriginStringMatchList())
        .extracting(origin -> origin.getExact())
        .containsExactly("https://a.example", "https://b.example:8443");
  }

  /// What the compose file tells the gateway.
  @SuppressWarnings("unchecked") // the compose file has this shape
  private static GatewayConfig composed() throws IOException {
    var compose =
        new Yaml().<Map<String, Map<String, Map<String, Object>>>>load(read("docker-compose.yml"));
    var environment = new HashMap<String, String>();
    ((Map<String, Object>) compose.get("services").get("gateway").get("environment"))
        .forEach((name, value) -> environment.put(name, value.toString().strip()));
    environment.remove("SERVICE_CREDENTIAL_FILE");
    environment.put("HOST", "0.0.0.0");
    return GatewayConfig.from(Environment.of(environment));
  }

  private static String read(String file) throws IOException {
    return Files.readString(ROOT.resolve(file));
  }

  private static Bootstrap bootstrap(String yaml) throws InvalidProtocolBufferException {
    var json = json(new Yaml().load(yaml));
    var bootstrap = Bootstrap.newBuilder();
    JsonFormat.parser().usingTypeRegistry(TYPES).merge(json, bootstrap);
    return bootstrap.build();
  }

  private static String json(Object value) {
    return switch (value) {
      case Map<?, ?> map ->
          "{"
              + String.join(
                  ",",
                  map.entrySet().stream()
                      .map(each -> json(each.getKey()) + ":" + json(each.getValue()))
                      .toList())
              + "}";
      case List<?> list ->
          "[" + String.join(",", list.stream().map(EnvoyConfigTest::json).toList()) + "]";
      case String text -> '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
      default -> value.toString();
    };
  }

  private static HttpConnectionManager manager(String yaml) throws InvalidProtocolBufferException {
    return bootstrap(yaml)
        .getStaticResources()
        .getListeners(0)
        .getFilterChains(0)
        .getFilters(0)
        .getTypedConfig()
        .unpack(HttpConnectionManager.class);
  }

  private static Stream<Route> routes(HttpConnectionManager manager) {
    return manager.getRouteConfig().getVirtualHosts(0).getRoutesList().stream();
  }

  private static <M extends com.google.protobuf.Message> M filter(
      HttpConnectionManager manager, Class<M> type) throws InvalidProtocolBufferException {
    for (var filter : manager.getHttpFiltersList()) {
      Any config = filter.getTypedConfig();
      if (config.is(type)) {
        return config.unpack(type);
      }
    }
    throw new AssertionError(type + " is not there");
  }
}
