package dev.agentserver.gateway.transcode.upload;

import org.jspecify.annotations.Nullable;

/// Cuts a body into what becomes one message each. The body may come in any pieces, and no more of
/// it is kept than the beginning of an element.
public sealed interface Elements permits ArrayElements, FrameElements, LineElements, RawElements {
  /// Takes the next piece of the body; all of the one before has been taken out.
  void feed(byte[] piece);

  /// The next whole element; null when more of the body is needed.
  byte @Nullable [] next();

  /// Whether no more will come, though the body goes on.
  default boolean isLast() {
    return false;
  }

  /// Says that the body is at its end. What is left of it can then be taken out.
  void finish();
}
