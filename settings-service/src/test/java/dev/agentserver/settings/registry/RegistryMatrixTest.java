package dev.agentserver.settings.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.agentserver.common.v1.AnnotationsProto;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.test.TestIdentity;
import dev.agentserver.settings.Harness;
import dev.agentserver.settings.v1.Integration;
import dev.agentserver.settings.v1.IntegrationServiceProto;
import dev.agentserver.settings.v1.Model;
import dev.agentserver.settings.v1.ModelServiceProto;
import dev.agentserver.settings.v1.Provider;
import dev.agentserver.settings.v1.ProviderServiceProto;
import dev.agentserver.settings.v1.Tool;
import dev.agentserver.settings.v1.ToolServiceProto;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every RPC about providers, models, integrations and tools against everybody, in the tenant of
/// the resource and in another. What must happen follows from the policies and the roles.
class RegistryMatrixTest extends RegistryTest {
  private final AtomicInteger count = new AtomicInteger();

  /// One of everything, in a tenant.
  private record Place(Provider provider, Model model, Integration integration, Tool tool) {}

  static Stream<MethodDescriptor> methods() {
    return Stream.of(
            ProviderServiceProto.getDescriptor(),
            ModelServiceProto.getDescriptor(),
            IntegrationServiceProto.getDescriptor(),
            ToolServiceProto.getDescriptor())
        .flatMap(file -> file.getServices().stream())
        .flatMap(each -> each.getMethods().stream());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everybodyGetsWhatThePolicySays(MethodDescriptor method) {
    for (var somebody : everybody(UUID.randomUUID(), UUID.randomUUID()).entrySet()) {
      var place = place();
      var caller = somebody.getValue();
      var here = caller != null && somebody.getKey().endsWith(" here");
      var acting =
          here
              ? new Caller(
                  owner.caller().tenantId(),
                  caller.principalId(),
                  caller.kind(),
                  caller.roles(),
                  caller.permissions(),
                  caller.credentialId())
              : caller;
      if (acting != null && acting.tenantId() != null) {
        service.register(acting);
      }
      assertThat(call(service.channel(acting), method, place))
          .as(method.getFullName() + " by " + somebody.getKey())
          .isEqualTo(expected(method, acting, here));
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void membersReadAndAdministratorsWrite(MethodDescriptor method) {
    var policy = method.getOptions().getExtension(AnnotationsProto.policy);
    var member = TestIdentity.user(tenant, "MEMBER").may(policy.getPermission());
    var admin = TestIdentity.user(tenant, "ADMIN").may(policy.getPermission());
    assertThat(admin).isTrue();
    assertThat(member)
        .isEqualTo(
            policy.getPermission().endsWith(":read")
                && !policy.getPermission().startsWith("provider:"));
  }

  private static Map<String, @Nullable Caller> everybody(UUID tenant, UUID other) {
    var everybody = new LinkedHashMap<String, @Nullable Caller>();
    everybody.put("anonymous", null);
    for (var role : List.of("VIEWER", "MEMBER", "WORKER", "ADMIN", "TENANT_OWNER")) {
      everybody.put(role + " here", TestIdentity.user(tenant, role));
      everybody.put(role + " elsewhere", TestIdentity.user(other, role));
    }
    everybody.put("a platform's administrator", TestIdentity.user(other, "PLATFORM_ADMIN"));
    everybody.put("a service", Harness.servicePrincipal());
    return everybody;
  }

  private static Code expected(MethodDescriptor method, @Nullable Caller caller, boolean here) {
    if (caller == null) {
      return Code.UNAUTHENTICATED;
    }
    var policy = method.getOptions().getExtension(AnnotationsProto.policy);
    if (caller.kind() == Caller.Kind.SERVICE || !caller.may(policy.getPermission())) {
      return Code.PERMISSION_DENIED;
    }
    var name = method.getName();
    var needsOurs =
        !name.startsWith("List")
            && !name.startsWith("Batch")
            && !name.equals("GetLegacyConfig")
            && !(name.startsWith("Create") && !name.equals("CreateModel"));
    return needsOurs && !here ? Code.NOT_FOUND : Code.OK;
  }

  private Place place() {
    newTenant();
    var provider = provider(owner, "acme");
    return new Place(
        provider,
        model(owner, provider, "m"),
        integration(
            owner, Integration.newBuilder().setName("github").setBaseUrl("http://127.0.0.1:1/")),
        tool(owner, Tool.newBuilder().setName("t")));
  }

  private Code call(Channel channel, MethodDescriptor method, Place place) {
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
    var request = DynamicMessage.newBuilder(method.getInputType());
    var creates = method.getName().startsWith("Create");
    for (var field : method.getInputType().getFields()) {
      var value = value(field, place, creates);
      if (value != null) {
        request.setField(field, value);
      }
    }
    try {
      ClientCalls.blockingUnaryCall(channel, grpc, CallOptions.DEFAULT, request.build());
      return Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  private @Nullable Object value(FieldDescriptor field, Place place, boolean creates) {
    var name = "n" + count.incrementAndGet();
    return switch (field.getName()) {
      case "provider_id" -> place.provider().getId();
      case "model_id" -> place.model().getId();
      case "integration_id" -> place.integration().getId();
      case "tool_id" -> place.tool().getId();
      case "provider" ->
          creates
              ? Provider.newBuilder().setName(name).build()
              : Provider.newBuilder().setId(place.provider().getId()).setDisplayName("x").build();
      case "model" ->
          creates
              ? Model.newBuilder().setProviderId(place.provider().getId()).setName(name).build()
              : Model.newBuilder().setId(place.model().getId()).setDisplayName("x").build();
      case "integration" ->
          creates
              ? Integration.newBuilder().setName(name).build()
              : Integration.newBuilder()
                  .setId(place.integration().getId())
                  .setDisplayName("x")
                  .build();
      case "tool" ->
          creates
              ? Tool.newBuilder().setName(name).build()
              : Tool.newBuilder().setId(place.tool().getId()).setDescription("x").build();
      default -> null;
    };
  }
}
