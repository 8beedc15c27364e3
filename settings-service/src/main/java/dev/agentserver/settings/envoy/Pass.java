package dev.agentserver.settings.envoy;

/// How a request goes on.
sealed interface Pass {
  /// Without a credential, to what anybody may call.
  record Anonymous() implements Pass {}

  /// With a token in the place of what its caller proved itself with.
  record As(String jwt) implements Pass {
    @Override
    public String toString() {
      return "As[***]";
    }
  }
}
