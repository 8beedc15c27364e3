package dev.agentserver.settings.secret;

/// A secret that cannot be had back as things are: its master key is lost or no longer used, or
/// what is kept was changed. The message tells nothing of the secret.
public final class Undecryptable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Undecryptable(String why) {
    super(why);
  }

  public Undecryptable(String why, Throwable cause) {
    super(why, cause);
  }
}
