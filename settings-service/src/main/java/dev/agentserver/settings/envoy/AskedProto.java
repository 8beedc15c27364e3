package dev.agentserver.settings.envoy;

import dev.agentserver.envoy.v3.AttributeContext;
import dev.agentserver.envoy.v3.AttributeContext.HttpRequest;
import dev.agentserver.envoy.v3.CheckRequest;
import dev.agentserver.envoy.v3.HeaderValue;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What Envoy sends, in our terms.
final class AskedProto {
  private AskedProto() {}

  static Asked of(CheckRequest request) {
    var attributes = request.getAttributes();
    var http = attributes.getRequest().getHttp();
    var target = http.getPath();
    var mark = target.indexOf('?');
    return new Asked(
        http.getMethod(),
        mark < 0 ? target : target.substring(0, mark),
        mark < 0 ? "" : target.substring(mark + 1),
        headers(http),
        address(attributes));
  }

  /// Headers of one name are joined, as Envoy joins them where it sends a map: two credentials are
  /// then none.
  private static Map<String, String> headers(HttpRequest http) {
    if (!http.hasHeaderMap()) {
      return http.getHeadersMap();
    }
    return http.getHeaderMap().getHeadersList().stream()
        .collect(
            Collectors.toMap(
                header -> header.getKey().toLowerCase(Locale.ROOT),
                AskedProto::value,
                (one, other) -> one + "," + other));
  }

  private static String value(HeaderValue header) {
    return header.getRawValue().isEmpty() ? header.getValue() : header.getRawValue().toStringUtf8();
  }

  private static String address(AttributeContext attributes) {
    return attributes.getSource().getAddress().getSocketAddress().getAddress();
  }
}
