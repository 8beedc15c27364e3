package dev.agentserver.gateway.http;

import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.gateway.call.HeaderMetadata;
import dev.agentserver.gateway.filters.RequestIds;
import dev.agentserver.kit.grpc.RequestId;
import io.grpc.Metadata;
import java.util.Optional;

/// What a call takes along to a service: the client's metadata, its token, the request's id and the
/// client's address.
final class Outgoing {
  private static final Metadata.Key<String> AUTHORIZATION = ascii("authorization");
  private static final Metadata.Key<String> FORWARDED_FOR = ascii("x-forwarded-for");
  private static final Metadata.Key<String> FORWARDED_HOST = ascii("x-forwarded-host");
  private static final Metadata.Key<String> FORWARDED_PROTO = ascii("x-forwarded-proto");

  private static Metadata.Key<String> ascii(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  Metadata metadata(ServiceRequestContext context, RequestHeaders headers, Optional<String> token) {
    var metadata = HeaderMetadata.of(headers);
    token.ifPresent(jwt -> metadata.put(AUTHORIZATION, "Bearer " + jwt));
    metadata.put(RequestId.HEADER, RequestIds.of(context));
    metadata.put(FORWARDED_FOR, context.clientAddress().getHostAddress());
    // What a proxy before this one says stands: it is nearer to the client.
    if (!metadata.containsKey(FORWARDED_HOST)) {
      metadata.put(FORWARDED_HOST, headers.authority());
      metadata.put(FORWARDED_PROTO, context.sessionProtocol().isTls() ? "https" : "http");
    }
    return metadata;
  }
}
