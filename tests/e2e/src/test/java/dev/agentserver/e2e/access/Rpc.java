package dev.agentserver.e2e.access;

import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.agentserver.common.v1.AnnotationsProto;
import dev.agentserver.common.v1.Policy;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;
import java.util.ArrayList;
import java.util.List;

/// One RPC, as its contract states it.
record Rpc(MethodDescriptor method) {
  String name() {
    return method.getService().getFullName() + "/" + method.getName();
  }

  Policy policy() {
    return method.getOptions().getExtension(AnnotationsProto.policy);
  }

  /// The REST routes, the versioned one first; none for what is served to gRPC clients only.
  List<HttpRule> routes() {
    if (!method.getOptions().hasExtension(com.google.api.AnnotationsProto.http)) {
      return List.of();
    }
    var rule = method.getOptions().getExtension(com.google.api.AnnotationsProto.http);
    var routes = new ArrayList<HttpRule>();
    routes.add(rule);
    routes.addAll(rule.getAdditionalBindingsList());
    return routes;
  }

  /// Whether the gateway serves it at all: what each service serves on its own port has no route
  /// of the gateway's. REST has no form for what clients stream, none for what they get by gRPC
  /// alone, and for bytes that are streamed to them perhaps that of an HTTP door.
  boolean served() {
    return !routes().isEmpty()
        || method.isClientStreaming()
        || method.isServerStreaming()
        || policy().getGrpcOnly();
  }

  /// Whether it is what users do. What administers a tenant is tried by everybody in
  /// settings-service's own matrix, on tenants of its own: here it would take users and keys away
  /// from the other tests.
  boolean ofUsers() {
    var service = method.getService().getFullName();
    return (service.startsWith("agentserver.conversation.")
            && !service.endsWith(".LegalHoldService")
            && !service.endsWith(".TagService")
            && !policy().getPermission().equals("public"))
        || service.endsWith(".SecretAccessService")
        || (service.endsWith(".AccessService") && !method.getName().contains("Check"));
  }

  /// Whether the request names a conversation or a message.
  boolean hasTarget() {
    return policy().getMemberRole().length() > 0;
  }

  /// Whether it acts on what was deleted before.
  boolean actsOnTheDeleted() {
    return method.getName().startsWith("Undelete");
  }

  /// Whether it writes on at a message that was begun.
  boolean writesOn() {
    return method.getService().getName().equals("MessageStreamService")
        && !method.getName().startsWith("Begin");
  }

  /// Whether it is about a member of the conversation other than its owner.
  boolean actsOnAMember() {
    return method.getService().getName().equals("MemberService")
        && method.getInputType().findFieldByName("user_id") != null
        && !method.getName().startsWith("Add");
  }

  int successStatus() {
    return policy().getSuccessStatus() == 0 ? 200 : policy().getSuccessStatus();
  }

  io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage> grpc() {
    return io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
        .setType(type())
        .setFullMethodName(name())
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
}
