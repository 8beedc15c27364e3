package dev.agentserver.commandline;

import dev.agentserver.commandline.server.Patience;
import io.grpc.StatusRuntimeException;
import java.nio.file.NoSuchFileException;

/// Failures in a line for people.
final class Failures {
  private Failures() {}

  static String said(Throwable failure) {
    return switch (failure) {
      case StatusRuntimeException refusal -> "the server says " + Patience.said(refusal);
      case NoSuchFileException missing -> "there is no file " + missing.getFile();
      default ->
          failure.getMessage() == null
              ? failure.getClass().getSimpleName()
              : failure.getMessage().lines().findFirst().orElse("");
    };
  }
}
