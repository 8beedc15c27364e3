package dev.agentserver.kit.grpc;

import io.grpc.Metadata;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The id that one call is found by in every log: the client's own, or one made here. It goes back
/// in the response headers and on with every call to another service.
public final class RequestId {
  public static final Metadata.Key<String> HEADER =
      Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);
  private static final int MAX_LENGTH = 128;

  private RequestId() {}

  /// The id of the call that is being handled; empty outside one.
  public static String current() {
    var scope = CallScope.KEY.get();
    return scope == null ? "" : scope.requestId();
  }

  /// The client's id where it is fit for a log, else a fresh one. No secret, so it need not be hard
  /// to guess.
  static String of(@Nullable String sent) {
    if (sent != null
        && !sent.isEmpty()
        && sent.length() <= MAX_LENGTH
        && sent.chars().allMatch(c -> c > ' ' && c < 127)) {
      return sent;
    }
    var random = ThreadLocalRandom.current();
    return HexFormat.of().toHexDigits(random.nextLong())
        + HexFormat.of().toHexDigits(random.nextLong());
  }
}
