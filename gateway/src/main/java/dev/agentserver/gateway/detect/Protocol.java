package dev.agentserver.gateway.detect;

import com.linecorp.armeria.common.RequestHeaders;
import dev.agentserver.gateway.call.Framing;
import dev.agentserver.gateway.call.GrpcFraming;
import dev.agentserver.gateway.call.WebFraming;
import java.util.Locale;
import java.util.Set;

/// What a client speaks.
public sealed interface Protocol {
  /// gRPC or gRPC-Web: the path names the method.
  record Rpc(Framing framing) implements Protocol {}

  /// gRPC-Web as Envoy takes it.
  ///
  /// @param textIn whether the request's body is base64
  /// @param textOut whether the response's is
  record Web(boolean textIn, boolean textOut) implements Protocol {}

  /// HTTP with JSON: method and path are a route.
  record Rest() implements Protocol {}

  Set<String> GRPC = Set.of("application/grpc", "application/grpc+proto");
  Set<String> WEB = Set.of("application/grpc-web", "application/grpc-web+proto");
  Set<String> WEB_TEXT = Set.of("application/grpc-web-text", "application/grpc-web-text+proto");

  /// Decides by the content type, which all of them must send.
  static Protocol of(RequestHeaders headers) {
    var type = mediaType(headers.get("content-type", ""));
    if (GRPC.contains(type)) {
      return new Rpc(new GrpcFraming());
    }
    if (WEB.contains(type) || WEB_TEXT.contains(type)) {
      var textIn = WEB_TEXT.contains(type);
      return new Rpc(new WebFraming(textIn, wantsText(headers, textIn)));
    }
    return new Rest();
  }

  /// The same in mode envoy, which takes the types of gRPC-Web by the letter.
  static Protocol asEnvoy(RequestHeaders headers) {
    var type = headers.get("content-type", "");
    if (WEB.contains(type) || WEB_TEXT.contains(type)) {
      return new Web(WEB_TEXT.contains(type), WEB_TEXT.contains(headers.get("accept", "")));
    }
    return GRPC.contains(mediaType(type)) ? new Rpc(new GrpcFraming()) : new Rest();
  }

  private static boolean wantsText(RequestHeaders headers, boolean textIn) {
    var accept = mediaType(headers.get("accept", ""));
    return WEB_TEXT.contains(accept) || textIn && !WEB.contains(accept);
  }

  private static String mediaType(String header) {
    int end = header.indexOf(';');
    return (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }
}
