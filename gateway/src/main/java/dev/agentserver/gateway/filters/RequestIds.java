package dev.agentserver.gateway.filters;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.AttributeKey;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Gives each request the id it is found by in every log: the client's own where it is fit for one,
/// else a new one. The client gets it back, and the services get it too.
public final class RequestIds implements DecoratingHttpServiceFunction {
  private static final String HEADER = "x-request-id";
  private static final int LONGEST = 128;
  private static final AttributeKey<String> ID = AttributeKey.valueOf(RequestIds.class, "ID");

  private final Supplier<String> fresh;

  /// @param fresh makes ids
  public RequestIds(Supplier<String> fresh) {
    this.fresh = fresh;
  }

  /// The id of a request.
  public static String of(ServiceRequestContext context) {
    var id = context.attr(ID);
    return id == null ? "" : id;
  }

  @Override
  public HttpResponse serve(
      HttpService delegate, ServiceRequestContext context, HttpRequest request) throws Exception {
    var sent = request.headers().get(HEADER);
    var id = isFit(sent) ? sent : fresh.get();
    context.setAttr(ID, id);
    context.mutateAdditionalResponseHeaders(headers -> headers.set(HEADER, id));
    return delegate.serve(context, request);
  }

  private static boolean isFit(@Nullable String id) {
    return id != null
        && !id.isEmpty()
        && id.length() <= LONGEST
        && id.chars().allMatch(c -> c > ' ' && c < 127);
  }
}
