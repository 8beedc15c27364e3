package dev.agentserver.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.agentserver.common.v1.AdminServiceProto;
import dev.agentserver.common.v1.AnnotationsProto;
import dev.agentserver.common.v1.OutboxServiceProto;
import dev.agentserver.common.v1.Policy;
import dev.agentserver.file.v1.File;
import dev.agentserver.file.v1.FileServiceProto;
import dev.agentserver.file.v1.FileUrlServiceProto;
import dev.agentserver.file.v1.UploadHeader;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.RunScope;
import dev.agentserver.kit.test.TestIdentity;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
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
  /// What somebody is to the file that is asked for.
  private enum Relation {
    NOBODY,
    READER,
    OWNER
  }

  private record Somebody(
      String name, @Nullable Caller caller, Relation relation, boolean sameTenant) {}

  static Stream<MethodDescriptor> methods() {
    return Stream.of(
            FileServiceProto.getDescriptor(),
            FileUrlServiceProto.getDescriptor(),
            AdminServiceProto.getDescriptor(),
            OutboxServiceProto.getDescriptor())
        .flatMap(file -> file.getServices().stream())
        .flatMap(each -> each.getMethods().stream());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everybodyGetsWhatThePolicySays(MethodDescriptor method) {
    for (var somebody : everybody()) {
      var file = alice.upload("secret.txt", "secret of " + somebody.name());
      var conversation = UUID.randomUUID();
      service.conversations().writer(conversation, alice.caller().principalId());
      if (somebody.relation() == Relation.READER) {
        service.conversations().reader(conversation, somebody.caller().principalId());
      } else if (somebody.relation() == Relation.OWNER) {
        service.conversations().writer(conversation, somebody.caller().principalId());
        service.sql(
            "update file set owner_id = '%s' where file_id = '%s'"
                .formatted(somebody.caller().principalId(), file.getId()));
        service.sql(
            "insert into storage_usage values ('%s', '%s', 1000, 1)"
                .formatted(TENANT, somebody.caller().principalId()));
      }
      service.sql(
          "insert into file_link (tenant_id, file_link_id, file_id, conversation_id, created_at) values ('%s', gen_random_uuid(), '%s', '%s', now())"
              .formatted(TENANT, file.getId(), conversation));
      assertThat(code(service.channel(somebody.caller()), method, file.getId(), conversation))
          .as(method.getFullName() + " by " + somebody.name())
          .isEqualTo(expected(method, somebody));
    }
  }

  /// What a run may call of what is used in its conversation or its session.
  @ParameterizedTest
  @MethodSource("methods")
  void aRunGetsWhereItIsWhatThePolicySays(MethodDescriptor method) {
    var file = alice.upload("secret.txt", "secret of a run");
    var user = user("MEMBER");
    var conversation = UUID.randomUUID();
    service.conversations().writer(conversation, user.principalId());
    var session = service.agentRuns().of(user.principalId());
    service.sql(
        "insert into file_link (tenant_id, file_link_id, file_id, conversation_id, created_at) values ('%s', gen_random_uuid(), '%s', '%s', now())"
            .formatted(TENANT, file.getId(), conversation));
    service.sql(
        "insert into file_link (tenant_id, file_link_id, file_id, session_id, created_at) values ('%s', gen_random_uuid(), '%s', '%s', now())"
            .formatted(TENANT, file.getId(), session));
    for (var scope :
        List.of(
            new RunScope(UUID.randomUUID(), conversation, null, 1),
            new RunScope(UUID.randomUUID(), null, session, 1))) {
      var run = user.within(scope, user.permissions());
      assertThat(code(service.channel(run), method, file.getId(), conversation))
          .as(method.getFullName() + " by " + scope)
          .isEqualTo(policy(method).getRun() ? Code.OK : Code.PERMISSION_DENIED);
    }
  }

  @Test
  void anotherTenantsIdLooksLikeNoIdAtAll() {
    var file = alice.upload("a", "a");
    var elsewhere = service.channel(TestIdentity.user(UUID.randomUUID(), "TENANT_OWNER"));
    methods()
        .filter(method -> !policy(method).getMemberRole().isEmpty())
        .forEach(
            method -> {
              var none = UUID.randomUUID().toString();
              var real = describe(elsewhere, method, file.getId()).replace(file.getId(), "ID");
              assertThat(real)
                  .as(method.getFullName())
                  .isEqualTo(describe(elsewhere, method, none).replace(none, "ID"))
                  .startsWith("NOT_FOUND");
            });
  }

  private List<Somebody> everybody() {
    return List.of(
        new Somebody("anonymous", null, Relation.NOBODY, false),
        new Somebody("stranger", user("MEMBER"), Relation.NOBODY, true),
        new Somebody("stranger who may only read", user("VIEWER"), Relation.NOBODY, true),
        new Somebody(
            "other tenant's owner",
            TestIdentity.user(UUID.randomUUID(), "TENANT_OWNER"),
            Relation.NOBODY,
            false),
        new Somebody("member of the conversation", user("MEMBER"), Relation.READER, true),
        new Somebody("member who may only read", user("VIEWER"), Relation.READER, true),
        new Somebody("owner", user("MEMBER"), Relation.OWNER, true),
        new Somebody("owner who may only read", user("VIEWER"), Relation.OWNER, true),
        new Somebody("admin", user("ADMIN"), Relation.NOBODY, true),
        new Somebody("tenant owner", user("TENANT_OWNER"), Relation.NOBODY, true),
        new Somebody("service", TestIdentity.service(), Relation.NOBODY, false),
        new Somebody("owner's run", run(user("MEMBER")), Relation.OWNER, true),
        new Somebody("tenant owner's run", run(user("TENANT_OWNER")), Relation.NOBODY, true));
  }

  private static Caller user(String role) {
    return TestIdentity.user(TENANT, role);
  }

  private static Caller run(Caller caller) {
    return caller.within(
        new RunScope(UUID.randomUUID(), UUID.randomUUID(), null, 1), caller.permissions());
  }

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
    if (!caller.may(policy.getPermission()) || (caller.run() != null && !policy.getRun())) {
      return Code.PERMISSION_DENIED;
    }
    if (caller.run() != null && !policy.getMemberRole().isEmpty()) {
      return Code.NOT_FOUND;
    }
    var any = somebody.sameTenant() && caller.mayAny(policy.getPermission());
    if (policy.getMemberRole().isEmpty() || any) {
      return Code.OK;
    }
    return switch (somebody.relation()) {
      case NOBODY -> Code.NOT_FOUND;
      case READER -> policy.getMemberRole().equals("VIEWER") ? Code.OK : Code.PERMISSION_DENIED;
      case OWNER -> Code.OK;
    };
  }

  private static Policy policy(MethodDescriptor method) {
    return method.getOptions().getExtension(AnnotationsProto.policy);
  }

  private static Code code(
      Channel channel, MethodDescriptor method, String file, UUID conversation) {
    try {
      call(channel, method, file, conversation);
      return Code.OK;
    } catch (StatusRuntimeException refused) {
      return refused.getStatus().getCode();
    }
  }

  private static String describe(Channel channel, MethodDescriptor method, String file) {
    try {
      call(channel, method, file, UUID.randomUUID());
      return "OK";
    } catch (StatusRuntimeException refused) {
      return refused.getStatus().getCode() + " " + refused.getStatus().getDescription();
    }
  }

  private static void call(
      Channel channel, MethodDescriptor method, String file, UUID conversation) {
    var request = request(method.getInputType(), file, conversation);
    if (method.isServerStreaming()) {
      ClientCalls.blockingServerStreamingCall(channel, grpc(method), CallOptions.DEFAULT, request)
          .forEachRemaining(_ -> {});
    } else if (method.isClientStreaming()) {
      stream(channel, method, request);
    } else {
      ClientCalls.blockingUnaryCall(channel, grpc(method), CallOptions.DEFAULT, request);
    }
  }

  private static void stream(Channel channel, MethodDescriptor method, DynamicMessage request) {
    var call = ClientCalls.blockingClientStreamingCall(channel, grpc(method), CallOptions.DEFAULT);
    try {
      call.write(request);
      call.halfClose();
      call.read();
    } catch (StatusException refused) {
      throw new StatusRuntimeException(refused.getStatus(), refused.getTrailers());
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private static DynamicMessage request(Descriptor type, String file, UUID conversation) {
    var request = DynamicMessage.newBuilder(type);
    for (var field : type.getFields()) {
      switch (field.getName()) {
        case "file_id" -> request.setField(field, file);
        case "file_ids" -> request.addRepeatedField(field, file);
        case "conversation_id" -> request.setField(field, conversation.toString());
        case "file" ->
            request.setField(field, File.newBuilder().setId(file).setFilename("x").build());
        case "header" ->
            request.setField(
                field,
                UploadHeader.newBuilder()
                    .setFilename("x")
                    .setPurpose(File.Purpose.artifact)
                    .setSize(0)
                    .build());
        case "consumer" -> request.setField(field, "a-consumer");
        default -> {
          // Optional.
        }
      }
    }
    return request.build();
  }

  private static io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage> grpc(
      MethodDescriptor method) {
    var type =
        method.isClientStreaming()
            ? MethodType.CLIENT_STREAMING
            : method.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY;
    return io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
        .setType(type)
        .setFullMethodName(
            io.grpc.MethodDescriptor.generateFullMethodName(
                method.getService().getFullName(), method.getName()))
        .setRequestMarshaller(
            ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())))
        .setResponseMarshaller(
            ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
        .build();
  }
}
