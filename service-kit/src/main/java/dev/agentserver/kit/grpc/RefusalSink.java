package dev.agentserver.kit.grpc;

import dev.agentserver.kit.identity.Caller;
import org.jspecify.annotations.Nullable;

/// Is told every refusal for lack of a credential or of a right, so that it can be audited.
@FunctionalInterface
public interface RefusalSink {
  /// Called on the call's own thread, before the caller learns of it.
  ///
  /// @param caller who was refused; null when nobody was identified
  /// @param method the full name of the method
  /// @param reason the error reason
  /// @param address the network address the call came from
  void refused(@Nullable Caller caller, String method, String reason, String address);
}
