package dev.agentserver.gateway.transcode.upload;

import dev.agentserver.gateway.fault.Fault;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The messages of a body, in the wire format, as the body arrives.
public final class UploadMessages {
  private final Elements elements;
  private final UnaryOperator<byte[]> binding;
  private final int limit;
  private boolean finished;

  /// @param binding makes the message of an element
  /// @param limit the most bytes of a message
  public UploadMessages(Elements elements, UnaryOperator<byte[]> binding, int limit) {
    this.elements = elements;
    this.binding = binding;
    this.limit = limit;
  }

  /// Takes the next piece of the body; all messages before it have been taken out.
  public void feed(byte[] piece) {
    elements.feed(piece);
  }

  /// The next message; null when more of the body is needed.
  public byte @Nullable [] next() {
    var element = elements.next();
    if (element == null) {
      return null;
    }
    var message = binding.apply(element);
    if (message.length > limit) {
      throw Fault.tooLarge("a message", limit);
    }
    return message;
  }

  /// Says that the body is at its end. What is left of it can then be taken out.
  public void finish() {
    elements.finish();
    finished = true;
  }

  /// Whether all that could be taken out was all.
  public boolean isLast() {
    return finished || elements.isLast();
  }
}
