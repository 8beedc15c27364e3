package dev.agentserver.gateway.transcode.codec;

import com.google.api.HttpBody;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.agentserver.gateway.contract.FieldPath;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// A google.api.HttpBody: bytes of any kind, and of which. Its extensions are nobody's here.
public record RawBody(String mediaType, ByteString content) {
  private static final String UNKNOWN = "application/octet-stream";

  /// Takes it out of a message; an UncheckedIOException where the message is damaged.
  ///
  /// @param field where it is; null: the message is it
  public static RawBody read(@Nullable FieldPath field, byte[] wire) {
    try {
      var body = HttpBody.parseFrom(Wire.message(wire, field));
      return new RawBody(header(body.getContentType()), body.getData());
    } catch (InvalidProtocolBufferException damaged) {
      throw new UncheckedIOException(damaged);
    }
  }

  /// What a header cannot carry says nothing.
  private static String header(String type) {
    var isPlain = type.chars().allMatch(c -> c >= ' ' && c < 127);
    return isPlain && !type.isBlank() ? type : UNKNOWN;
  }

  /// A message with nothing but the body in it.
  ///
  /// @param field where it is; null: the message is it
  /// @param mediaType empty where nobody says it
  public static byte[] write(@Nullable FieldPath field, String mediaType, byte[] content) {
    var body =
        HttpBody.newBuilder()
            .setContentType(mediaType)
            .setData(UnsafeByteOperations.unsafeWrap(content))
            .build();
    return place(field, body);
  }

  /// A message with nothing but an extension of the body in it.
  ///
  /// @param field where the body is; null: the message is it
  public static byte[] extension(@Nullable FieldPath field, Any extension) {
    return place(field, HttpBody.newBuilder().addExtensions(extension).build());
  }

  private static byte[] place(@Nullable FieldPath field, HttpBody body) {
    return field == null ? body.toByteArray() : Wire.encode(field, body);
  }
}
