package dev.agentserver.kit.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.Problem.Violation;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/// A message as it arrived: read, or why it could not be. grpc-java would answer unreadable bytes
/// by itself, with UNKNOWN and without a reason; so reading never fails, and the adapter answers.
sealed interface Inbound<Q> {
  /// A message and its size on the wire.
  record Received<Q>(Q value, int bytes) implements Inbound<Q> {}

  /// Bytes that are not such a message.
  record Unreadable<Q>(Problem problem) implements Inbound<Q> {}

  /// The message, checked against the server's bound and the rules of its contract.
  default Q checked(int maxBytes) {
    return switch (this) {
      case Unreadable<Q>(var problem) -> throw problem.raise();
      case Received<Q>(var value, var bytes) -> {
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

  /// Reads messages with the generated code's parser, from an array of their exact size:
  /// grpc-java's own way keeps a buffer for each thread, and here every call is a thread.
  record Marshaller<Q>(MethodDescriptor.Marshaller<Q> generated, Message prototype)
      implements MethodDescriptor.Marshaller<Inbound<Q>> {
    @Override
    public InputStream stream(Inbound<Q> value) {
      return switch (value) {
        case Received<Q>(var message, _) -> generated.stream(message);
        case Unreadable<Q> _ ->
            throw new IllegalArgumentException("an unreadable message cannot be written");
      };
    }

    @Override
    public Inbound<Q> parse(InputStream stream) {
      try {
        var bytes = bytes(stream);
        return read(bytes);
      } catch (StatusRuntimeException tooLarge) {
        // Only a compressed message is found to be too large while it is read.
        return new Unreadable<>(
            new Problem.Refused("TOO_LARGE", "the request is too large when unpacked", Map.of()));
      } catch (IOException damaged) {
        return new Unreadable<>(unreadable("", "the request cannot be unpacked"));
      }
    }

    /// Bytes of a message stay where they are: nobody else has the array.
    private Inbound<Q> read(byte[] bytes) {
      var input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
      input.enableAliasing(true);
      try {
        @SuppressWarnings("unchecked") // a message's parser makes messages of its own type
        var message = (Q) prototype.getParserForType().parseFrom(input);
        input.checkLastTagWas(0);
        return new Received<>(message, bytes.length);
      } catch (InvalidProtocolBufferException malformed) {
        return new Unreadable<>(
            BrokenText.find(prototype.getDescriptorForType(), bytes)
                .map(field -> unreadable(field, "is not valid UTF-8"))
                .orElseGet(
                    () -> unreadable("", "the request cannot be read: " + malformed.getMessage())));
      }
    }

    private static Problem unreadable(String field, String message) {
      return new Problem.Invalid(List.of(new Violation(field, message)));
    }

    private static byte[] bytes(InputStream stream) throws IOException {
      if (!(stream instanceof KnownLength)) {
        return stream.readAllBytes();
      }
      var bytes = new byte[stream.available()];
      stream.readNBytes(bytes, 0, bytes.length);
      return bytes;
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
