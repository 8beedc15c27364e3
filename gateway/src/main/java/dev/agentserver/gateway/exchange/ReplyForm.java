package dev.agentserver.gateway.exchange;

import com.google.rpc.Status;
import dev.agentserver.gateway.transcode.codec.BodyCodec;
import dev.agentserver.gateway.transcode.codec.RawBody;
import dev.agentserver.gateway.transcode.options.Option;
import dev.agentserver.gateway.transcode.options.TranscoderOptions;
import dev.agentserver.gateway.transcode.route.Route;
import java.io.UncheckedIOException;
import java.util.Optional;

/// How the response of one route is written.
///
/// @param limit the most bytes of a message, and of a response that is one message
public record ReplyForm(Route route, BodyCodec codec, TranscoderOptions options, int limit) {
  boolean isStream() {
    return route.method().answersMany();
  }

  Delimiting delimiting() {
    return Delimiting.of(options);
  }

  boolean convertsStatus() {
    return options.is(Option.CONVERT_GRPC_STATUS);
  }

  boolean isRaw() {
    return route.answersRaw();
  }

  RawBody raw(byte[] message) {
    try {
      return RawBody.read(route.responseBody(), message);
    } catch (UncheckedIOException damaged) {
      throw Refused.cut();
    }
  }

  byte[] print(byte[] message) {
    try {
      return codec.print(route.method().response(), message);
    } catch (UncheckedIOException unprintable) {
      throw Refused.damaged(String.valueOf(unprintable.getMessage()));
    }
  }

  /// Empty where a detail is of a type that is not known.
  Optional<byte[]> print(Status status) {
    try {
      return Optional.of(codec.print(Status.getDescriptor(), status.toByteArray()));
    } catch (UncheckedIOException unknownDetail) {
      return Optional.empty();
    }
  }
}
