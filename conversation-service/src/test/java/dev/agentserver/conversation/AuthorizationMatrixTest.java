package dev.agentserver.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.rpc.ErrorInfo;
import dev.agentserver.common.v1.AdminServiceProto;
import dev.agentserver.common.v1.AnnotationsProto;
import dev.agentserver.common.v1.OutboxServiceProto;
import dev.agentserver.common.v1.Policy;
import dev.agentserver.conversation.access.MemberRole;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationServiceProto;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageServiceProto;
import dev.agentserver.kit.identity.Caller;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every RPC of the service against everybody. What must happen is derived from the method's policy
/// and the role's grants; nothing is listed by hand but who the people are.
class AuthorizationMatrixTest extends ServiceTest {
  /// Somebody, and what they are in the conversation that is asked for.
  record Somebody(
      String name, @Nullable Caller caller, @Nullable MemberRole member, boolean sameTenant) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<MethodDescriptor> methods() {
    return Stream.of(
            ConversationServiceProto.getDescriptor(),
            MessageServiceProto.getDescriptor(),
            AdminServiceProto.getDescriptor(),
            OutboxServiceProto.getDescriptor())
        .flatMap(file -> file.getServices().stream())
        .flatMap(service -> service.getMethods().stream());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everybodyGetsWhatThePolicySays(MethodDescriptor method) {
    for (var somebody : everybody()) {
      var owner = service.person(TENANT, "MEMBER");
      var conversation = conversation(owner);
      var message = say(owner, conversation, "secret");
      if (method.getName().startsWith("Undelete")) {
        owner
            .conversations()
            .deleteConversation(
                dev.agentserver.conversation.v1.DeleteConversationRequest.newBuilder()
                    .setConversationId(conversation.getId())
                    .build());
      }
      if (somebody.member() == MemberRole.OWNER) {
        service.sql(
            "update conversation.conversation_member set user_id = '"
                + somebody.caller().principalId()
                + "' where conversation_id = '"
                + conversation.getId()
                + "'");
      } else if (somebody.member() != null) {
        service.join(
            conversation.getId(),
            TENANT,
            somebody.caller().principalId(),
            somebody.member().name());
      }
      var actual = call(service.channel(somebody.caller()), method, conversation, message);
      assertThat(actual)
          .as(method.getFullName() + " by " + somebody)
          .isEqualTo(expected(method, somebody));
    }
  }

  @Test
  void anotherTenantsIdLooksLikeNoIdAtAll() {
    var conversation = conversation(alice);
    var message = say(alice, conversation, "secret");
    var elsewhere = service.person(UUID.randomUUID(), "TENANT_OWNER");
    methods()
        .filter(method -> !policy(method).getMemberRole().isEmpty())
        .forEach(
            method -> {
              var nothing = conversation.toBuilder().setId(UUID.randomUUID().toString()).build();
              var noMessage = message.toBuilder().setId(UUID.randomUUID().toString()).build();
              var real = describe(elsewhere.channel(), method, conversation, message);
              var none = describe(elsewhere.channel(), method, nothing, noMessage);
              assertThat(real.replace(conversation.getId(), "ID").replace(message.getId(), "ID"))
                  .as(method.getFullName())
                  .isEqualTo(none.replace(nothing.getId(), "ID").replace(noMessage.getId(), "ID"));
            });
  }

  private List<Somebody> everybody() {
    return List.of(
        new Somebody("anonymous", null, null, false),
        new Somebody("stranger", user("MEMBER"), null, true),
        new Somebody("stranger who may only read", user("VIEWER"), null, true),
        new Somebody(
            "other tenant's owner", service.caller(UUID.randomUUID(), "TENANT_OWNER"), null, false),
        new Somebody("viewer", user("MEMBER"), MemberRole.VIEWER, true),
        new Somebody("editor", user("MEMBER"), MemberRole.EDITOR, true),
        new Somebody("owner", user("MEMBER"), MemberRole.OWNER, true),
        new Somebody("owner who may only read", user("VIEWER"), MemberRole.OWNER, true),
        new Somebody("admin", user("ADMIN"), null, true),
        new Somebody("tenant owner", user("TENANT_OWNER"), null, true),
        new Somebody("service", service.servicePrincipal(), null, false));
  }

  private Caller user(String role) {
    return service.caller(TENANT, role);
  }

  /// What the policy promises: who is nobody must sign in; a service does what is internal and
  /// nothing else; without the permission nothing; without membership the resource is not there;
  /// with too low a membership it may not be touched.
  private static Code expected(MethodDescriptor method, Somebody somebody) {
    var policy = policy(method);
    var caller = somebody.caller();
    if (caller == null) {
      return Code.UNAUTHENTICATED;
    }
    if (policy.getInternal() || caller.kind() == Caller.Kind.SERVICE) {
      return policy.getInternal() && caller.kind() == Caller.Kind.SERVICE
          ? Code.OK
          : Code.PERMISSION_DENIED;
    }
    if (!caller.may(policy.getPermission())) {
      return Code.PERMISSION_DENIED;
    }
    if (policy.getMemberRole().isEmpty()) {
      return Code.OK;
    }
    if (somebody.sameTenant() && caller.mayAny(policy.getPermission())) {
      return Code.OK;
    }
    if (somebody.member() == null) {
      return Code.NOT_FOUND;
    }
    if (somebody.member().compareTo(MemberRole.valueOf(policy.getMemberRole())) >= 0) {
      return Code.OK;
    }
    // What is in the trash is not there for those who may not bring it back.
    return method.getName().startsWith("Undelete") ? Code.NOT_FOUND : Code.PERMISSION_DENIED;
  }

  private static Policy policy(MethodDescriptor method) {
    return method.getOptions().getExtension(AnnotationsProto.policy);
  }

  private static Code call(
      Channel channel, MethodDescriptor method, Conversation conversation, Message message) {
    try {
      invoke(channel, method, conversation, message);
      return Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  private static String describe(
      Channel channel, MethodDescriptor method, Conversation conversation, Message message) {
    try {
      return invoke(channel, method, conversation, message).toString();
    } catch (StatusRuntimeException e) {
      var status = StatusProto.fromThrowable(e);
      return status.getCode()
          + status.getMessage()
          + status.getDetailsList().stream().filter(any -> any.is(ErrorInfo.class)).toList();
    }
  }

  private static DynamicMessage invoke(
      Channel channel, MethodDescriptor method, Conversation conversation, Message message) {
    var grpc =
        io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
            .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(
                io.grpc.MethodDescriptor.generateFullMethodName(
                    method.getService().getFullName(), method.getName()))
            .setRequestMarshaller(
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())))
            .setResponseMarshaller(
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
            .build();
    return ClientCalls.blockingUnaryCall(
        channel, grpc, CallOptions.DEFAULT, request(method, conversation, message));
  }

  /// A request that only authorization can refuse: ids of the given resources, and the least of
  /// what else is required.
  private static DynamicMessage request(
      MethodDescriptor method, Conversation conversation, Message message) {
    var request = DynamicMessage.newBuilder(method.getInputType());
    for (var field : method.getInputType().getFields()) {
      switch (field.getName()) {
        case "conversation_id" -> {
          if (method.getOptions().getIdempotencyLevel() == IdempotencyLevel.NO_SIDE_EFFECTS
              || !policy(method).getMemberRole().isEmpty()) {
            request.setField(field, conversation.getId());
          }
        }
        case "message_id" -> {
          if (method.getName().startsWith("Get")) {
            request.setField(field, message.getId());
          }
        }
        case "conversation" ->
            request.setField(
                field, Conversation.newBuilder().setId(conversation.getId()).setTitle("x").build());
        case "role" -> request.setField(field, Message.Role.user.getValueDescriptor());
        case "messages" -> addDraft(request, method, field);
        case "consumer" -> request.setField(field, "a-consumer");
        default -> {
          // Optional.
        }
      }
    }
    return request.build();
  }

  private static void addDraft(
      DynamicMessage.Builder request, MethodDescriptor method, FieldDescriptor field) {
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
