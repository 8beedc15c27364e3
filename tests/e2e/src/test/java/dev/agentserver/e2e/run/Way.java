package dev.agentserver.e2e.run;

import com.google.api.AnnotationsProto;
import com.google.protobuf.Descriptors;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.e2e.access.RestForm;
import dev.agentserver.e2e.client.User;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// The ways in which one call can be made through the gateway.
enum Way {
  /// By the route of the contract, as JSON.
  REST {
    @Override
    <Q, R> R call(User user, MethodDescriptor<Q, R> method, Q request) {
      var contract = contract(method);
      var route = contract.getOptions().getExtension(AnnotationsProto.http);
      var reply = RestForm.of(contract, route, (Message) request).send(user.http());
      if (reply.status() / 100 != 2) {
        throw new AssertionError(method.getFullMethodName() + ": " + reply);
      }
      var result = prototype(method).newBuilderForType();
      try {
        JsonFormat.parser().merge(reply.body().isEmpty() ? "{}" : reply.body(), result);
      } catch (InvalidProtocolBufferException damaged) {
        throw new AssertionError(reply.body(), damaged);
      }
      return cast(result.build());
    }
  },

  /// By a generated stub.
  GRPC {
    @Override
    <Q, R> R call(User user, MethodDescriptor<Q, R> method, Q request) {
      return user.grpc().call(method, request);
    }
  },

  /// As a browser without streams of bytes sends it: frames in base64.
  GRPC_WEB {
    @Override
    <Q, R> R call(User user, MethodDescriptor<Q, R> method, Q request) {
      var bytes = ((Message) request).toByteArray();
      var frame =
          ByteBuffer.allocate(HEAD + bytes.length).put((byte) 0).putInt(bytes.length).put(bytes);
      var reply =
          user.http()
              .with("content-type", "application/grpc-web-text+proto")
              .send(
                  "POST",
                  "/" + method.getFullMethodName(),
                  Base64.getEncoder().encode(frame.array()))
              .expect(200);
      var frames = ByteBuffer.wrap(decoded(reply.body()));
      var message = frames.remaining() == 0 || frames.get(0) != 0 ? null : next(frames);
      var trailers = new String(next(frames), StandardCharsets.UTF_8);
      if (message == null || !trailers.replace(" ", "").contains("grpc-status:0")) {
        throw new AssertionError(method.getFullMethodName() + ": " + trailers);
      }
      try {
        return cast(prototype(method).getParserForType().parseFrom(message));
      } catch (InvalidProtocolBufferException damaged) {
        throw new AssertionError(damaged);
      }
    }
  };

  private static final int HEAD = 5;

  /// The answer to a call, which must be a good one.
  abstract <Q, R> R call(User user, MethodDescriptor<Q, R> method, Q request);

  private static Descriptors.MethodDescriptor contract(MethodDescriptor<?, ?> method) {
    return ((ProtoMethodDescriptorSupplier) method.getSchemaDescriptor()).getMethodDescriptor();
  }

  private static Message prototype(MethodDescriptor<?, ?> method) {
    return (Message)
        ((PrototypeMarshaller<?>) method.getResponseMarshaller()).getMessagePrototype();
  }

  @SuppressWarnings("unchecked") // a method's replies are of its prototype's type
  private static <R> R cast(Message message) {
    return (R) message;
  }

  /// Each piece of a body is padded by itself.
  private static byte[] decoded(String text) {
    var bytes = new ByteArrayOutputStream();
    for (var i = 0; i < text.length(); i += 4) {
      bytes.writeBytes(Base64.getDecoder().decode(text.substring(i, i + 4)));
    }
    return bytes.toByteArray();
  }

  private static byte[] next(ByteBuffer frames) {
    frames.get();
    var bytes = new byte[frames.getInt()];
    frames.get(bytes);
    return bytes;
  }
}
