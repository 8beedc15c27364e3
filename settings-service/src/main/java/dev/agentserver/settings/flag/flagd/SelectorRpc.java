package dev.agentserver.settings.flag.flagd;

import dev.agentserver.settings.flag.serve.Selector;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/// Reads the metadata by which flagd's clients say which flags they mean.
final class SelectorRpc implements ServerInterceptor {
  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of(Selector.HEADER, Metadata.ASCII_STRING_MARSHALLER);
  private static final Context.Key<String> SELECTOR = Context.key("flagd-selector");

  /// What the client of this call said; empty: nothing.
  static String current() {
    var selector = SELECTOR.get();
    return selector == null ? "" : selector;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> handler) {
    var selector = headers.get(HEADER);
    return selector == null
        ? handler.startCall(call, headers)
        : Contexts.interceptCall(
            Context.current().withValue(SELECTOR, selector), call, headers, handler);
  }
}
