package dev.agentserver.kit.grpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.agentserver.kit.idempotency.Attempt;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.Function;

/// Describes a request as an [Attempt], so that the domain can make it safe to retry without
/// knowing protobuf.
public final class Attempts {
  private static final String REQUEST_ID = "request_id";

  private Attempts() {}

  /// @param toProto the domain's reply to the contract's, as the handler answers
  /// @param fromProto the way back, for a stored reply
  public static <Q extends Message, R extends Message, T> Attempt<T> of(
      MethodDescriptor<Q, R> method, Q request, Function<T, R> toProto, Function<R, T> fromProto) {
    var field = request.getDescriptorForType().findFieldByName(REQUEST_ID);
    if (field == null) {
      throw new IllegalArgumentException(method.getFullMethodName() + " has no request_id");
    }
    return new Attempt<>(
        method.getFullMethodName(),
        (String) request.getField(field),
        sha256(request.toBuilder().clearField(field).build()),
        reply -> SecretFields.blanked(toProto.apply(reply)).toByteArray(),
        bytes -> fromProto.apply(parse(method, bytes)));
  }

  private static <R extends Message> R parse(MethodDescriptor<?, R> method, byte[] bytes) {
    if (!(method.getResponseMarshaller() instanceof PrototypeMarshaller<R> marshaller)
        || marshaller.getMessagePrototype() == null) {
      throw new IllegalArgumentException(
          method.getFullMethodName() + " is not a method of protobuf messages");
    }
    try {
      @SuppressWarnings("unchecked") // a message's parser makes messages of its own type
      var reply = (R) marshaller.getMessagePrototype().getParserForType().parseFrom(bytes);
      return reply;
    } catch (InvalidProtocolBufferException damaged) {
      throw new IllegalStateException(
          "a stored reply of " + method.getFullMethodName() + " cannot be read", damaged);
    }
  }

  /// Deterministic: maps are written in the order of their keys.
  private static byte[] sha256(Message message) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      var output =
          CodedOutputStream.newInstance(
              new DigestOutputStream(OutputStream.nullOutputStream(), digest));
      output.useDeterministicSerialization();
      message.writeTo(output);
      output.flush();
      return digest.digest();
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-256", impossible);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
