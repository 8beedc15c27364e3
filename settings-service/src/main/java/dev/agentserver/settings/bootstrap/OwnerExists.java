package dev.agentserver.settings.bootstrap;

/// Somebody owns a tenant already, so there is nothing to begin.
public final class OwnerExists extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OwnerExists() {
    super("somebody owns a tenant here already: ask an owner, or a platform administrator");
  }
}
