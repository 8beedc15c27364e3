package dev.agentserver.gateway.auth;

/// What a client proves itself with and what is exchanged for a token.
public sealed interface Credential {
  /// A key, which is good until it is revoked.
  record Key(String text) implements Credential {
    @Override
    public String toString() {
      return "Key[***]";
    }
  }

  /// A token of an OIDC provider, which is good until it expires.
  record Oidc(String text) implements Credential {
    @Override
    public String toString() {
      return "Oidc[***]";
    }
  }

  /// A ticket, and the path it was presented at, as it was sent.
  record Ticket(String text, String path) implements Credential {
    @Override
    public String toString() {
      return "Ticket[***, " + path + "]";
    }
  }
}
