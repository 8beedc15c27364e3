package dev.agentserver.agentrun.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Value;
import dev.agentserver.agentrun.v1.Run;
import dev.agentserver.agentrun.v1.RunGrantServiceProto;
import dev.agentserver.agentrun.v1.RunInterrupt;
import dev.agentserver.agentrun.v1.RunServiceProto;
import dev.agentserver.agentrun.v1.WorkerServiceProto;
import dev.agentserver.common.v1.AnnotationsProto;
import dev.agentserver.common.v1.Policy;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.test.TestIdentity;
import io.grpc.CallOptions;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every RPC about a run by people who have nothing to do with it. What must happen is derived from
/// the method's policy and the role's grants.
class RunAuthorizationTest extends RunTest {
  static Stream<MethodDescriptor> methods() {
    return Stream.of(
            RunServiceProto.getDescriptor(),
            WorkerServiceProto.getDescriptor(),
            RunGrantServiceProto.getDescriptor())
        .flatMap(file -> file.getServices().stream())
        .flatMap(service -> service.getMethods().stream());
  }

  private Map<String, @Nullable Caller> strangers() {
    var strangers = new HashMap<String, @Nullable Caller>();
    strangers.put("nobody", null);
    strangers.put("a stranger", bob.caller());
    strangers.put("an admin", TestIdentity.user(TENANT, "ADMIN"));
    strangers.put("one who may only read chats", TestIdentity.user(TENANT, "VIEWER"));
    strangers.put("another worker", TestIdentity.user(TENANT, "WORKER"));
    strangers.put("another tenant's owner", TestIdentity.user(UUID.randomUUID(), "TENANT_OWNER"));
    strangers.put("a service", TestIdentity.service());
    return strangers;
  }

  @ParameterizedTest
  @MethodSource("methods")
  void strangersGetWhatThePolicySays(MethodDescriptor method) {
    var run = begun().getRun();
    strangers()
        .forEach(
            (name, caller) ->
                assertThat(call(method, caller, run))
                    .as(method.getFullName() + " by " + name)
                    .isEqualTo(expected(method, caller)));
    assertThat(state(run)).as("untouched").isEqualTo(Run.State.STATE_RUNNING);
  }

  private static Code expected(MethodDescriptor method, @Nullable Caller caller) {
    var policy = policy(method);
    if (caller == null) {
      return Code.UNAUTHENTICATED;
    }
    if (policy.getInternal() || caller.kind() == Caller.Kind.SERVICE) {
      return policy.getInternal() && caller.kind() == Caller.Kind.SERVICE
          ? Code.OK
          : Code.PERMISSION_DENIED;
    }
    if (!policy.getPermission().equals("authenticated") && !caller.may(policy.getPermission())) {
      return Code.PERMISSION_DENIED;
    }
    // Whoever may, lists and takes what is there: nothing.
    return method.getInputType().findFieldByName("run_id") == null ? Code.OK : Code.NOT_FOUND;
  }

  private static Policy policy(MethodDescriptor method) {
    return method.getOptions().getExtension(AnnotationsProto.policy);
  }

  private Code call(MethodDescriptor method, @Nullable Caller caller, Run run) {
    try {
      ClientCalls.blockingUnaryCall(
          service.channel(caller), grpc(method), CallOptions.DEFAULT, request(method, run));
      return Code.OK;
    } catch (StatusRuntimeException refused) {
      return refused.getStatus().getCode();
    }
  }

  private static io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage> grpc(
      MethodDescriptor method) {
    return io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
        .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(
            io.grpc.MethodDescriptor.generateFullMethodName(
                method.getService().getFullName(), method.getName()))
        .setRequestMarshaller(
            ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())))
        .setResponseMarshaller(
            ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
        .build();
  }

  /// A create names the agent, which is the stranger's as little as the run is.
  private DynamicMessage request(MethodDescriptor method, Run run) {
    Descriptor type = method.getInputType();
    var request = DynamicMessage.newBuilder(type);
    for (var field : type.getFields()) {
      switch (field.getName()) {
        case "run_id" -> {
          if (!method.getName().startsWith("Create")) {
            request.setField(field, run.getId());
          }
        }
        case "agent_id" -> {
          if (method.getName().startsWith("Create")) {
            request.setField(field, agent.toString());
          }
        }
        case "tenant_id" -> request.setField(field, TENANT.toString());
        case "lease_epoch" -> request.setField(field, 1L);
        case "step_key", "reason", "prompt" -> request.setField(field, "x");
        case "interrupt_id" -> request.setField(field, UUID.randomUUID().toString());
        case "content" -> request.setField(field, Value.newBuilder().setBoolValue(true).build());
        case "open" ->
            request.setField(field, DynamicMessage.getDefaultInstance(field.getMessageType()));
        case "kind" -> {
          if (method.getName().equals("RequestInterrupt")) {
            request.setField(field, RunInterrupt.Kind.KIND_QUESTION.getValueDescriptor());
          }
        }
        default -> {
          // Optional.
        }
      }
    }
    return request.build();
  }
}
