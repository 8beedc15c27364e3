package dev.agentserver.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.agentserver.agentrun.Harness;
import dev.agentserver.agentrun.v1.Agent;
import dev.agentserver.agentrun.v1.AgentServiceGrpc;
import dev.agentserver.agentrun.v1.AgentServiceProto;
import dev.agentserver.agentrun.v1.AgentTemplate;
import dev.agentserver.agentrun.v1.AgentTemplateServiceGrpc;
import dev.agentserver.agentrun.v1.AgentTemplateServiceProto;
import dev.agentserver.agentrun.v1.CreateAgentRequest;
import dev.agentserver.agentrun.v1.CreateAgentTemplateRequest;
import dev.agentserver.common.v1.AdminServiceProto;
import dev.agentserver.common.v1.AnnotationsProto;
import dev.agentserver.common.v1.OutboxServiceProto;
import dev.agentserver.common.v1.Policy;
import dev.agentserver.kit.identity.Caller;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every RPC about the catalogue against everybody. What must happen is derived from the method's
/// policy, the role's grants and whose the resource is.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CatalogueMatrixTest {
  private static final UUID TENANT = UUID.randomUUID();

  /// Somebody, and whether the agent that is asked for is theirs.
  record Somebody(String name, @Nullable Caller caller, boolean owner) {
    boolean sameTenant() {
      return caller != null && TENANT.equals(caller.tenantId());
    }
  }

  private Harness service;

  @BeforeAll
  void start() {
    service = Harness.start();
  }

  @AfterAll
  void stop() {
    service.close();
  }

  static Stream<MethodDescriptor> methods() {
    return Stream.of(
            AgentServiceProto.getDescriptor(),
            AgentTemplateServiceProto.getDescriptor(),
            AdminServiceProto.getDescriptor(),
            OutboxServiceProto.getDescriptor())
        .flatMap(file -> file.getServices().stream())
        .flatMap(each -> each.getMethods().stream());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everybodyGetsWhatThePolicySays(MethodDescriptor method) {
    for (var shared : List.of(false, true)) {
      for (var somebody : everybody()) {
        var owner = somebody.owner() ? somebody.caller() : user("MEMBER");
        var request = request(method, agent(owner, shared), template());
        assertThat(call(service.channel(somebody.caller()), method, request))
            .as(method.getFullName() + " by " + somebody.name() + (shared ? ", shared" : ""))
            .isEqualTo(expected(method, somebody, shared));
      }
    }
  }

  private List<Somebody> everybody() {
    return List.of(
        new Somebody("anonymous", null, false),
        new Somebody("owner", user("MEMBER"), true),
        new Somebody("stranger", user("MEMBER"), false),
        new Somebody("viewer", user("VIEWER"), false),
        new Somebody("worker", user("WORKER"), false),
        new Somebody("admin", user("ADMIN"), false),
        new Somebody("tenant owner", user("TENANT_OWNER"), false),
        new Somebody(
            "other tenant's owner", service.caller(UUID.randomUUID(), "TENANT_OWNER"), false),
        new Somebody("service", service.servicePrincipal(), false));
  }

  private Caller user(String role) {
    return service.caller(TENANT, role);
  }

  private static Code expected(MethodDescriptor method, Somebody somebody, boolean shared) {
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
      return somebody.sameTenant() || !namesATemplate(method) ? Code.OK : Code.NOT_FOUND;
    }
    if (!somebody.sameTenant()) {
      return Code.NOT_FOUND;
    }
    if (somebody.owner() || caller.mayAny(policy.getPermission())) {
      return Code.OK;
    }
    if (!shared) {
      return Code.NOT_FOUND;
    }
    return policy.getMemberRole().equals("VIEWER") ? Code.OK : Code.PERMISSION_DENIED;
  }

  private static boolean namesATemplate(MethodDescriptor method) {
    return method.getName().endsWith("AgentTemplate") && !method.getName().startsWith("Create");
  }

  private static Policy policy(MethodDescriptor method) {
    return method.getOptions().getExtension(AnnotationsProto.policy);
  }

  private String agent(Caller owner, boolean shared) {
    var agent = Agent.newBuilder().setName("a");
    if (shared) {
      agent.setVisibility(Agent.Visibility.VISIBILITY_TENANT);
    }
    return AgentServiceGrpc.newBlockingStub(
            service.channel(
                owner.may("agent:write") && TENANT.equals(owner.tenantId())
                    ? owner
                    : user("MEMBER")))
        .createAgent(CreateAgentRequest.newBuilder().setAgent(agent).build())
        .getId();
  }

  private String template() {
    return AgentTemplateServiceGrpc.newBlockingStub(service.channel(user("ADMIN")))
        .createAgentTemplate(
            CreateAgentTemplateRequest.newBuilder()
                .setAgentTemplate(AgentTemplate.newBuilder().setName("t"))
                .build())
        .getId();
  }

  /// A request that only authorization can refuse.
  private static DynamicMessage request(MethodDescriptor method, String agent, String template) {
    var request = DynamicMessage.newBuilder(method.getInputType());
    var creates = method.getName().startsWith("Create");
    for (var field : method.getInputType().getFields()) {
      switch (field.getName()) {
        case "agent_id" -> request.setField(field, agent);
        case "version" -> request.setField(field, 1);
        case "template_id" -> {
          if (!method.getName().startsWith("List")) {
            request.setField(field, template);
          }
        }
        case "agent" -> {
          if (!method.getName().startsWith("Instantiate")) {
            var named = Agent.newBuilder().setName("x");
            request.setField(field, (creates ? named : named.setId(agent)).build());
          }
        }
        case "agent_template" -> {
          var named = AgentTemplate.newBuilder().setName("x");
          request.setField(field, (creates ? named : named.setId(template)).build());
        }
        case "consumer" -> request.setField(field, "a-consumer");
        default -> {
          // Optional.
        }
      }
    }
    return request.build();
  }

  private static Code call(Channel channel, MethodDescriptor method, DynamicMessage request) {
    var grpc =
        io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
            .setType(MethodType.UNARY)
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
}
