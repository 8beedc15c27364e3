package dev.agentserver.gateway.filters;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.gateway.fault.Fault;

/// Refuses headers past a limit. The server below has a limit of its own, further out, at which it
/// can only hang up.
public record HeaderLimit(int bytes) implements DecoratingHttpServiceFunction {
  private static final int TOO_LARGE = 431;
  // As HTTP/2 measures a header (RFC 9113, 6.5.2), however the client sent it: it goes on over
  // that,
  // and the services measure it so.
  private static final int PER_HEADER = 32;

  @Override
  public HttpResponse serve(
      HttpService delegate, ServiceRequestContext context, HttpRequest request) throws Exception {
    long size = 0;
    for (var header : request.headers()) {
      size += header.getKey().length() + header.getValue().length() + PER_HEADER;
    }
    if (size > bytes) {
      throw Fault.tooLarge("the header", bytes).as(TOO_LARGE);
    }
    return delegate.serve(context, request);
  }
}
