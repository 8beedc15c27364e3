package dev.agentserver.kit.grpc;

import dev.agentserver.kit.problem.Problem;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/// A message as it arrived: read, or why it could not be. grpc-java would answer unreadable bytes
/// by itself, with UNKNOWN and without a reason; so reading never fails, and the adapter answers.
sealed interface Inbound<Q> {
  /// A message and its size on the wire.
  record Message<Q>(Q value, int bytes) implements Inbound<Q> {}

  /// Bytes that are not such a message.
  record Unreadable<Q>(String message) implements Inbound<Q> {}

  /// The message, checked against the server's bound and the rules of its contract.
  default Q checked(int maxBytes) {
    return switch (this) {
      case Unreadable<Q>(var message) -> throw Problem.invalid("", message);
      case Message<Q>(var value, var bytes) -> {
        if (bytes > maxBytes) {
          throw new Problem.Refused(
                  "TOO_LARGE",
                  "the request is larger than " + maxBytes + " bytes",
                  Map.of("limit_bytes", Integer.toString(maxBytes)))
              .raise();
        }
        Validation.check(value);
        yield value;
      }
    };
  }

  /// Reads messages with the generated code's own marshaller.
  record Marshaller<Q>(MethodDescriptor.Marshaller<Q> generated)
      implements MethodDescriptor.Marshaller<Inbound<Q>> {
    @Override
    public InputStream stream(Inbound<Q> value) {
      return switch (value) {
        case Message<Q>(var message, _) -> generated.stream(message);
        case Unreadable<Q> _ ->
            throw new IllegalArgumentException("an unreadable message cannot be written");
      };
    }

    @Override
    public Inbound<Q> parse(InputStream stream) {
      try {
        var bytes = stream.available();
        return new Message<>(generated.parse(stream), bytes);
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      } catch (RuntimeException malformed) {
        var cause = malformed.getCause();
        return new Unreadable<>(
            "the request cannot be read: " + (cause == null ? malformed : cause).getMessage());
      }
    }
  }

  /// For streams that carry one message only.
  static <Q> Inbound<Q> only(List<Inbound<Q>> messages) {
    if (messages.size() != 1) {
      throw Problem.invalid(
          "",
          messages.isEmpty()
              ? "the call carries no request"
              : "the call carries more than one request");
    }
    return messages.getFirst();
  }
}
