package dev.agentserver.settings.envoy;

import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import io.grpc.Channel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// Asks as Envoy's ext_authz filter does, with Envoy's own messages, and does with a request what
/// Envoy does with the answer: set, then remove, then the query.
final class Envoy {
  static final String CLIENT = "203.0.113.7";

  private final Channel channel;

  Envoy(Channel channel) {
    this.channel = channel;
  }

  /// What the upstream gets, or what the client gets: then `status` is that of HTTP.
  record Outcome(int status, Map<String, String> headers, String path, String body) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  Outcome send(String method, String path, Map<String, String> headers) {
    var http = http(method, path).putAllHeaders(headers);
    return outcome(ask(http), path, headers);
  }

  /// With `encode_raw_headers`, as newer versions can.
  Outcome sendRaw(String method, String path, Map<String, String> headers) {
    var map = HeaderMap.newBuilder();
    headers.forEach(
        (name, value) ->
            map.addHeaders(
                HeaderValue.newBuilder()
                    .setKey(name)
                    .setRawValue(com.google.protobuf.ByteString.copyFromUtf8(value))));
    return outcome(ask(http(method, path).setHeaderMap(map)), path, headers);
  }

  private static AttributeContext.HttpRequest.Builder http(String method, String path) {
    return AttributeContext.HttpRequest.newBuilder()
        .setId("17")
        .setMethod(method)
        .setPath(path)
        .setHost("api.example.com")
        .setScheme("https")
        .setProtocol("HTTP/2")
        .putHeaders(":authority", "api.example.com")
        .putHeaders(":method", method)
        .putHeaders(":path", path);
  }

  private CheckResponse ask(AttributeContext.HttpRequest.Builder http) {
    var from = SocketAddress.newBuilder().setAddress(CLIENT).setPortValue(40_000);
    return AuthorizationGrpc.newBlockingStub(channel)
        .check(
            CheckRequest.newBuilder()
                .setAttributes(
                    AttributeContext.newBuilder()
                        .setSource(
                            AttributeContext.Peer.newBuilder()
                                .setAddress(Address.newBuilder().setSocketAddress(from)))
                        .setRequest(AttributeContext.Request.newBuilder().setHttp(http)))
                .build());
  }

  private static Outcome outcome(CheckResponse answer, String path, Map<String, String> headers) {
    return switch (answer.getHttpResponseCase()) {
      case OK_RESPONSE -> {
        if (answer.getStatus().getCode() != 0) {
          throw new AssertionError("an OkHttpResponse with a status: " + answer.getStatus());
        }
        yield upstream(answer.getOkResponse(), path, headers);
      }
      case DENIED_RESPONSE -> {
        if (answer.getStatus().getCode() == 0) {
          throw new AssertionError("a DeniedHttpResponse with the status OK goes through");
        }
        var denied = answer.getDeniedResponse();
        var all = new HashMap<String, String>();
        denied.getHeadersList().forEach(each -> set(all, each));
        yield new Outcome(denied.getStatus().getCodeValue(), all, "", denied.getBody());
      }
      case HTTPRESPONSE_NOT_SET -> throw new AssertionError("Envoy would answer 403: " + answer);
    };
  }

  private static Outcome upstream(OkHttpResponse ok, String path, Map<String, String> headers) {
    var all = new HashMap<>(headers);
    ok.getHeadersList().forEach(each -> set(all, each));
    ok.getHeadersToRemoveList().forEach(all::remove);
    var parts = path.split("\\?", 2);
    var query =
        parts.length == 1
            ? ""
            : Arrays.stream(parts[1].split("&"))
                .filter(each -> !ok.getQueryParametersToRemoveList().contains(each.split("=")[0]))
                .collect(Collectors.joining("&"));
    return new Outcome(200, all, query.isEmpty() ? parts[0] : parts[0] + "?" + query, "");
  }

  private static void set(Map<String, String> all, HeaderValueOption option) {
    all.put(option.getHeader().getKey(), option.getHeader().getValue());
  }
}
