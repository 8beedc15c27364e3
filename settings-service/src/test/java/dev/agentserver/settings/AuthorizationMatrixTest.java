package dev.agentserver.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.agentserver.common.v1.AnnotationsProto;
import dev.agentserver.common.v1.Policy;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.settings.v1.ChatSettings;
import dev.agentserver.settings.v1.ChatSettingsServiceProto;
import dev.agentserver.settings.v1.Organization;
import dev.agentserver.settings.v1.OrganizationServiceProto;
import dev.agentserver.settings.v1.Role;
import dev.agentserver.settings.v1.RoleServiceProto;
import dev.agentserver.settings.v1.User;
import dev.agentserver.settings.v1.UserServiceProto;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every RPC about tenants, users, roles and chat settings against everybody. What must happen is
/// derived from the method's policy, the role's grants and whose tenant the resource is in; the few
/// methods whose rule a policy cannot say are listed.
class AuthorizationMatrixTest extends ServiceTest {
  /// Methods that anybody may call, and the permission their rule asks for on one's own tenant. The
  /// one for other tenants is the platform's.
  private static final Map<String, String> OWN_RULES =
      Map.of("UpdateOrganization", "access:write", "GetErasure", "access:read");

  /// Of other tenants; without it they are not there.
  private static final Map<String, String> PLATFORM_RULES =
      Map.of(
          "UpdateOrganization", "platform:write",
          "GetErasure", "platform:read",
          "GetOrganization", "platform:read",
          "DeleteOrganization", "platform:write");

  private final AtomicInteger count = new AtomicInteger();

  /// Somebody, and whether the resource that is asked for is in their tenant.
  record Somebody(String name, @Nullable Caller caller, boolean sameTenant) {
    @Override
    public String toString() {
      return name;
    }
  }

  /// A tenant with one of everything.
  record Place(UUID tenant, String user, String role, String erasure) {}

  static Stream<MethodDescriptor> methods() {
    return Stream.of(
            UserServiceProto.getDescriptor(),
            RoleServiceProto.getDescriptor(),
            OrganizationServiceProto.getDescriptor(),
            ChatSettingsServiceProto.getDescriptor())
        .flatMap(file -> file.getServices().stream())
        .flatMap(service -> service.getMethods().stream());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everybodyGetsWhatThePolicySays(MethodDescriptor method) {
    for (var index = 0; index < everybody(UUID.randomUUID()).size(); index++) {
      var place = place();
      var somebody = everybody(place.tenant()).get(index);
      if (somebody.caller() != null && somebody.caller().tenantId() != null) {
        service.register(somebody.caller());
      }
      var actual = call(service.channel(somebody.caller()), method, request(method, place));
      assertThat(actual)
          .as(method.getFullName() + " by " + somebody)
          .isEqualTo(expected(method, somebody));
    }
  }

  private static List<Somebody> everybody(UUID tenant) {
    var everybody = new ArrayList<Somebody>();
    everybody.add(new Somebody("anonymous", null, false));
    for (var role : List.of("VIEWER", "MEMBER", "WORKER", "ADMIN", "TENANT_OWNER")) {
      everybody.add(new Somebody(role, caller(tenant, role), true));
      everybody.add(new Somebody(role + " elsewhere", caller(UUID.randomUUID(), role), false));
    }
    everybody.add(new Somebody("platform", caller(UUID.randomUUID(), "PLATFORM_ADMIN"), false));
    everybody.add(new Somebody("service", Harness.servicePrincipal(), false));
    return everybody;
  }

  private static Caller caller(UUID tenant, String role) {
    return dev.agentserver.kit.test.TestIdentity.user(tenant, role);
  }

  private static Code expected(MethodDescriptor method, Somebody somebody) {
    var policy = policy(method);
    var caller = somebody.caller();
    if (caller == null) {
      return Code.UNAUTHENTICATED;
    }
    if (caller.kind() == Caller.Kind.SERVICE) {
      return Code.PERMISSION_DENIED;
    }
    var open = policy.getPermission().equals("authenticated");
    if (!open && !caller.may(policy.getPermission())) {
      return Code.PERMISSION_DENIED;
    }
    var ofOthers = PLATFORM_RULES.get(method.getName());
    if (ofOthers != null && caller.may(ofOthers)) {
      return Code.OK;
    }
    var ofOwn = OWN_RULES.get(method.getName());
    if (ofOwn != null && (somebody.sameTenant() || method.getName().startsWith("Get"))) {
      if (!caller.may(ofOwn)) {
        return Code.PERMISSION_DENIED;
      }
    }
    return namesAResource(method) && !somebody.sameTenant() ? Code.NOT_FOUND : Code.OK;
  }

  /// Whether the request says which one; else it is about the caller's own tenant.
  private static boolean namesAResource(MethodDescriptor method) {
    return !method.getName().startsWith("Create")
        && !method.getName().startsWith("List")
        && !method.getName().endsWith("ChatSettings");
  }

  private static Policy policy(MethodDescriptor method) {
    return method.getOptions().getExtension(AnnotationsProto.policy);
  }

  /// A tenant in which nobody is the last owner and everything can be asked for.
  private Place place() {
    var tenant = UUID.randomUUID();
    var owner = service.person(tenant, "TENANT_OWNER");
    var user = service.person(tenant).id();
    var role = "ROLE_" + count.incrementAndGet();
    var erasure = UUID.randomUUID();
    service.sql(
        "insert into role (tenant_id, name, description, version, created_at, updated_at)"
            + " values ('%s', '%s', '', 1, now(), now())".formatted(tenant, role));
    service.sql(
        "insert into erasure (tenant_id, erasure_id, requested_by, created_at)"
            + " values ('%s', '%s', '%s', now())".formatted(tenant, erasure, owner.id()));
    return new Place(tenant, user, role, erasure.toString());
  }

  private static Code call(Channel channel, MethodDescriptor method, DynamicMessage request) {
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
      ClientCalls.blockingUnaryCall(channel, grpc, CallOptions.DEFAULT, request);
      return Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  /// A request that only authorization can refuse.
  private DynamicMessage request(MethodDescriptor method, Place place) {
    var request = DynamicMessage.newBuilder(method.getInputType());
    var creates = method.getName().startsWith("Create");
    for (var field : method.getInputType().getFields()) {
      var value = value(field, place, creates);
      if (value != null) {
        request.setField(field, value);
      }
    }
    return request.build();
  }

  private @Nullable Object value(FieldDescriptor field, Place place, boolean creates) {
    return switch (field.getName()) {
      case "user_id" -> place.user();
      case "erasure_id" -> place.erasure();
      case "organization_id" -> place.tenant().toString();
      case "name" -> place.role();
      case "user" ->
          // No more than anybody who may make users has.
          creates
              ? User.newBuilder().addRoles("WORKER").build()
              : User.newBuilder().setId(place.user()).setName("x").build();
      case "role" ->
          field.getJavaType() == FieldDescriptor.JavaType.STRING
              ? null
              : Role.newBuilder()
                  .setName(creates ? "NEW_" + count.incrementAndGet() : place.role())
                  .build();
      case "organization" ->
          creates
              ? Organization.newBuilder().setName("x").build()
              : Organization.newBuilder().setId(place.tenant().toString()).setName("x").build();
      case "chat_settings" -> ChatSettings.newBuilder().setModel("m").build();
      default -> null;
    };
  }
}
