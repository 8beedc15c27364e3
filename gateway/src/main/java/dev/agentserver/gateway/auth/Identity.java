package dev.agentserver.gateway.auth;

import dev.agentserver.kit.identity.Caller;
import java.util.Optional;

/// What is known of who makes a call.
///
/// @param token what the call travels with; empty for an anonymous call
/// @param caller who it is, where that is beyond doubt; a token that could not be verified here may
/// say what it likes
public record Identity(Optional<String> token, Optional<Caller> caller) {
  static final Identity ANONYMOUS = new Identity(Optional.empty(), Optional.empty());

  @Override
  public String toString() {
    return "Identity[***, " + caller + "]";
  }
}
