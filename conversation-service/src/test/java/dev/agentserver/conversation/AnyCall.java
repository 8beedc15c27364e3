package dev.agentserver.conversation;

import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.agentserver.common.v1.AnnotationsProto;
import dev.agentserver.common.v1.Policy;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.LegalHoldServiceGrpc;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageStreamServiceGrpc;
import dev.agentserver.conversation.v1.TagServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.util.UUID;

/// A call of any method with the least that only authorization can refuse. A stream is judged by
/// its first message, or by the error in its place.
record AnyCall(MethodDescriptor method) {
  /// What a call is about.
  ///
  /// @param epoch the message's writer; 0: the message is whole
  /// @param member a member other than the owner
  /// @param tag one of the caller's
  record About(Conversation conversation, Message message, long epoch, UUID member, UUID tag) {}

  /// Whether it writes to a message that was begun.
  boolean writesOn() {
    return method.getService().getFullName().equals(MessageStreamServiceGrpc.SERVICE_NAME)
        && !method.getName().startsWith("Begin");
  }

  /// Whether it is about a conversation that the caller need not have any part in.
  boolean names() {
    return method.getService().getFullName().equals(LegalHoldServiceGrpc.SERVICE_NAME)
        && !method.getName().startsWith("List");
  }

  DynamicMessage by(Channel channel, About about) {
    var request = fill(method.getInputType(), about);
    if (!method.isClientStreaming() && !method.isServerStreaming()) {
      return ClientCalls.blockingUnaryCall(channel, grpc(), CallOptions.DEFAULT, request);
    }
    var context = Context.current().withCancellation();
    var outside = context.attach();
    try {
      return first(channel, request);
    } finally {
      context.detach(outside);
      context.cancel(null);
    }
  }

  private DynamicMessage first(Channel channel, DynamicMessage request) {
    if (!method.isClientStreaming()) {
      return ClientCalls.blockingServerStreamingCall(channel, grpc(), CallOptions.DEFAULT, request)
          .next();
    }
    try {
      var call = ClientCalls.blockingBidiStreamingCall(channel, grpc(), CallOptions.DEFAULT);
      call.write(request);
      return call.read();
    } catch (StatusException refused) {
      throw new StatusRuntimeException(refused.getStatus(), refused.getTrailers());
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage> grpc() {
    return io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
        .setType(type())
        .setFullMethodName(
            io.grpc.MethodDescriptor.generateFullMethodName(
                method.getService().getFullName(), method.getName()))
        .setRequestMarshaller(
            ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())))
        .setResponseMarshaller(
            ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
        .build();
  }

  private MethodType type() {
    if (method.isClientStreaming()) {
      return MethodType.BIDI_STREAMING;
    }
    return method.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY;
  }

  private DynamicMessage fill(Descriptor type, About about) {
    var request = DynamicMessage.newBuilder(type);
    var conversation = about.conversation();
    for (var field : type.getFields()) {
      switch (field.getName()) {
        case "conversation_id" -> {
          if (method.getOptions().getIdempotencyLevel() == IdempotencyLevel.NO_SIDE_EFFECTS
              || !policy().getMemberRole().isEmpty()
              || names()) {
            request.setField(field, conversation.getId());
          }
        }
        case "message_id" -> {
          if (!field.getOptions().getExtension(AnnotationsProto.refersTo).isEmpty()) {
            request.setField(field, about.message().getId());
          }
        }
        case "writer_epoch" -> request.setField(field, about.epoch());
        case "resume" -> request.setField(field, fill(field.getMessageType(), about));
        case "query" -> request.setField(field, "secret");
        case "summary" -> request.setField(field, "in short");
        case "name" -> request.setField(field, "a name");
        case "tag_id" -> {
          if (method.getService().getFullName().equals(TagServiceGrpc.SERVICE_NAME)) {
            request.setField(field, about.tag().toString());
          }
        }
        case "share_link_id" -> request.setField(field, UUID.randomUUID().toString());
        case "reason" -> request.setField(field, "why not");
        case "conversation" ->
            request.setField(
                field, Conversation.newBuilder().setId(conversation.getId()).setTitle("x").build());
        case "user_id" ->
            request.setField(
                field,
                (method.getName().startsWith("Add") ? UUID.randomUUID() : about.member())
                    .toString());
        case "role" -> request.setField(field, field.getEnumType().findValueByNumber(1));
        case "messages" -> addDraft(request, field);
        case "consumer" -> request.setField(field, "a-consumer");
        default -> {
          // Optional.
        }
      }
    }
    return request.build();
  }

  private Policy policy() {
    return method.getOptions().getExtension(AnnotationsProto.policy);
  }

  private void addDraft(DynamicMessage.Builder request, FieldDescriptor field) {
    if (method.getName().startsWith("Batch")) {
      var role = field.getMessageType().findFieldByName("role");
      request.addRepeatedField(
          field,
          DynamicMessage.newBuilder(field.getMessageType())
              .setField(role, Message.Role.user.getValueDescriptor())
              .build());
    }
  }
}
