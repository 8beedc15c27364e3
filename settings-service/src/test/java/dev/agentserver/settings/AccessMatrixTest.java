package dev.agentserver.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import dev.agentserver.common.v1.AdminServiceProto;
import dev.agentserver.common.v1.AnnotationsProto;
import dev.agentserver.common.v1.OutboxServiceProto;
import dev.agentserver.common.v1.Policy;
import dev.agentserver.kit.identity.IssuedToken;
import dev.agentserver.settings.v1.AccessServiceProto;
import dev.agentserver.settings.v1.ApiKeyServiceProto;
import dev.agentserver.settings.v1.CheckPermissionRequest;
import dev.agentserver.settings.v1.Credential;
import dev.agentserver.settings.v1.CredentialServiceProto;
import dev.agentserver.settings.v1.Flag;
import dev.agentserver.settings.v1.FlagAction;
import dev.agentserver.settings.v1.FlagEvaluators;
import dev.agentserver.settings.v1.FlagScheduleServiceProto;
import dev.agentserver.settings.v1.FlagServiceProto;
import dev.agentserver.settings.v1.InternalServiceProto;
import dev.agentserver.settings.v1.IssueRunTokenRequest;
import dev.agentserver.settings.v1.MasterKeyServiceProto;
import dev.agentserver.settings.v1.RunTokenServiceGrpc;
import dev.agentserver.settings.v1.RunTokenServiceProto;
import dev.agentserver.settings.v1.SecretAccessServiceProto;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every RPC about tokens, keys, revocations and flags against everybody, with tokens that the
/// service itself issued. What must happen is derived from the method's policy and the role's
/// grants.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessMatrixTest {
  private static final Set<String> SERVED =
      Set.of(
          "AccessService",
          "ApiKeyService",
          "RevocationService",
          "RunTokenService",
          "SecretAccessService",
          "AdminService",
          "OutboxService",
          "FlagService",
          "FlagScheduleService",
          "CredentialService",
          "MasterKeyService",
          "Service");

  private final AtomicInteger count = new AtomicInteger();
  private Live service;
  private Live.Tenant tenant;
  private Map<String, String> tokens;

  @BeforeAll
  void start() {
    service = new Live(Map.of("PORT", "0", "AGENT_RUN_TARGET", "static:127.0.0.1:1"));
    tenant = service.tenant();
    var other = service.tenant();
    tokens = new HashMap<>();
    tokens.put("a run of the owner", runToken());
    tokens.putAll(
        Map.of(
            "anonymous", "",
            "owner", service.token(tenant.ownerKey()),
            "admin", service.token(tenant.ownerKey(), "admin", "ADMIN"),
            "member", service.token(tenant.ownerKey(), "member"),
            "viewer", service.token(tenant.ownerKey(), "viewer", "VIEWER"),
            "worker", service.token(tenant.ownerKey(), "worker", "WORKER"),
            "platform", service.token(service.platformKey()),
            "other tenant's owner", service.token(other.ownerKey()),
            "service", service.serviceToken()));
  }

  /// With every permission that the owner has.
  private String runToken() {
    var owner = IssuedToken.of(service.token(tenant.ownerKey())).caller();
    return RunTokenServiceGrpc.newBlockingStub(service.as(service.serviceToken()))
        .issueRunToken(
            IssueRunTokenRequest.newBuilder()
                .setTenantId(tenant.id().toString())
                .setUserId(tenant.ownerId().toString())
                .setRunId(UUID.randomUUID().toString())
                .setLeaseEpoch(1)
                .addAllPermissions(owner.permissions())
                .build())
        .getToken();
  }

  @AfterAll
  void stop() {
    service.close();
  }

  static Stream<MethodDescriptor> methods() {
    return Stream.of(
            AccessServiceProto.getDescriptor(),
            ApiKeyServiceProto.getDescriptor(),
            InternalServiceProto.getDescriptor(),
            RunTokenServiceProto.getDescriptor(),
            SecretAccessServiceProto.getDescriptor(),
            AdminServiceProto.getDescriptor(),
            OutboxServiceProto.getDescriptor(),
            FlagServiceProto.getDescriptor(),
            FlagScheduleServiceProto.getDescriptor(),
            CredentialServiceProto.getDescriptor(),
            MasterKeyServiceProto.getDescriptor(),
            dev.agentserver.flagd.evaluation.v1.EvaluationProto.getDescriptor(),
            dev.agentserver.flagd.evaluation.v2.EvaluationProto.getDescriptor())
        .flatMap(file -> file.getServices().stream())
        .filter(service -> SERVED.contains(service.getName()))
        .flatMap(service -> service.getMethods().stream())
        .filter(method -> !method.isServerStreaming());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everybodyGetsWhatThePolicySays(MethodDescriptor method) {
    for (var somebody : tokens.entrySet()) {
      assertThat(call(service.as(somebody.getValue()), method))
          .as(method.getFullName() + " by " + somebody.getKey())
          .isEqualTo(expected(policy(method), somebody.getValue()));
    }
  }

  private static Code expected(Policy policy, String token) {
    if (policy.getPermission().equals("public")) {
      return Code.OK;
    }
    if (token.isEmpty()) {
      return Code.UNAUTHENTICATED;
    }
    var caller = IssuedToken.of(token).caller();
    var isService = caller.tenantId() == null;
    if (policy.getInternal() || isService) {
      return policy.getInternal() && isService ? Code.OK : Code.PERMISSION_DENIED;
    }
    if (caller.run() == null ? policy.getRunOnly() : !policy.getRun() && !policy.getRunOnly()) {
      return Code.PERMISSION_DENIED;
    }
    var granted =
        policy.getPermission().equals("authenticated") || caller.may(policy.getPermission());
    return granted ? Code.OK : Code.PERMISSION_DENIED;
  }

  private static Policy policy(MethodDescriptor method) {
    return method.getOptions().getExtension(AnnotationsProto.policy);
  }

  private Code call(Channel channel, MethodDescriptor method) {
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
    try {
      ClientCalls.blockingUnaryCall(channel, grpc, CallOptions.DEFAULT, request(method));
      return Code.OK;
    } catch (StatusRuntimeException e) {
      // What the caller has no key for is not there, and agent-run-service is not there at all: the
      // call got as far as that.
      var code = e.getStatus().getCode();
      var got =
          code == Code.NOT_FOUND
              || code == Code.UNAVAILABLE && method.getName().equals("RevealForRun");
      return got ? Code.OK : code;
    }
  }

  /// A request that only authorization can refuse.
  private DynamicMessage request(MethodDescriptor method) {
    var request = DynamicMessage.newBuilder(method.getInputType());
    for (var field : method.getInputType().getFields()) {
      switch (field.getName()) {
        case "api_key" -> request.setField(field, tenant.ownerKey());
        case "path" -> request.setField(field, "/v1/a");
        case "permission" -> request.setField(field, "conversation:read");
        case "checks" ->
            request.addRepeatedField(
                field,
                CheckPermissionRequest.newBuilder().setPermission("conversation:read").build());
        case "name" -> request.setField(field, "k");
        case "key_id" ->
            request.setField(
                field,
                method.getService().getName().equals("MasterKeyService")
                    ? "env-00000000"
                    : "0".repeat(16));
        case "credential" -> request.setField(field, credential());
        case "ids" -> request.addRepeatedField(field, UUID.randomUUID().toString());
        case "credential_id" -> request.setField(field, UUID.randomUUID().toString());
        case "current_version", "minimum_version", "version" -> request.setField(field, 1);
        case "consumer" -> request.setField(field, "a-consumer");
        case "flag" -> request.setField(field, flag());
        case "key" -> request.setField(field, "nowhere");
        case "flag_evaluators" -> request.setField(field, FlagEvaluators.getDefaultInstance());
        case "action" -> {
          if (field.getJavaType() == JavaType.ENUM) {
            request.setField(field, FlagAction.FLAG_ACTION_SET.getValueDescriptor());
          }
        }
        case "apply_at" -> request.setField(field, inAnHour());
        case "tenant_id", "run_id", "provider_id" ->
            request.setField(field, UUID.randomUUID().toString());
        case "user_id" -> {
          if (method.getName().equals("IssueRunToken")) {
            request.setField(field, tenant.ownerId().toString());
          }
        }
        case "lease_epoch" -> request.setField(field, 1L);
        case "id" -> request.setField(field, UUID.randomUUID().toString());
        default -> {
          // Optional.
        }
      }
    }
    return request.build();
  }

  /// Of a provider that is not there.
  private static Credential credential() {
    return Credential.newBuilder()
        .setId(UUID.randomUUID().toString())
        .setProviderId(UUID.randomUUID().toString())
        .setField("api_key")
        .setValue("hunter2!")
        .build();
  }

  private Flag flag() {
    var definition =
        Struct.newBuilder()
            .putFields("state", Value.newBuilder().setStringValue("ENABLED").build())
            .putFields(
                "variants",
                Value.newBuilder()
                    .setStructValue(
                        Struct.newBuilder()
                            .putFields("on", Value.newBuilder().setBoolValue(true).build()))
                    .build());
    return Flag.newBuilder()
        .setKey("flag-" + count.incrementAndGet())
        .setDefinition(definition)
        .build();
  }

  private static Timestamp inAnHour() {
    return Timestamp.newBuilder()
        .setSeconds(Instant.now().plus(Duration.ofHours(1)).getEpochSecond())
        .build();
  }
}
