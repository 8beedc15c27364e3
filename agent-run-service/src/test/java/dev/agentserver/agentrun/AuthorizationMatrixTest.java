package dev.agentserver.agentrun;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.agentserver.common.v1.AnnotationsProto;
import dev.agentserver.common.v1.Policy;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.RunScope;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every RPC that the service serves, by everybody. Who is kept out is derived from the method's
/// policy and the grants of the roles; nothing is listed by hand but who the people are. A call
/// that is let in is an empty one: whose rows it may touch is the matter of each service's own
/// test.
@TestInstance(Lifecycle.PER_CLASS)
class AuthorizationMatrixTest {
  private static final UUID TENANT = UUID.randomUUID();
  private static final Set<Code> KEPT_OUT = Set.of(Code.UNAUTHENTICATED, Code.PERMISSION_DENIED);

  private Harness service;

  /// @param caller null: nobody
  record Somebody(String name, @Nullable Caller caller) {}

  @BeforeAll
  void start() {
    service = Harness.start();
  }

  @AfterAll
  void stop() {
    service.close();
  }

  Stream<MethodDescriptor> methods() {
    return service.services().stream()
        .map(one -> ((ProtoServiceDescriptorSupplier) one.getSchemaDescriptor()))
        .flatMap(one -> one.getServiceDescriptor().getMethods().stream());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everybodyGetsWhatThePolicySays(MethodDescriptor method) {
    for (var somebody : everybody()) {
      var actual = call(service.channel(somebody.caller()), method);
      var what = method.getFullName() + " by " + somebody.name();
      var refusal = refusal(method.getOptions().getExtension(AnnotationsProto.policy), somebody);
      if (refusal == null) {
        assertThat(actual).as(what).isNotIn(KEPT_OUT);
      } else {
        assertThat(actual).as(what).isEqualTo(refusal);
      }
    }
  }

  private List<Somebody> everybody() {
    var owner = service.caller(TENANT, "TENANT_OWNER");
    var scope = new RunScope(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID(), 1);
    return List.of(
        new Somebody("anonymous", null),
        new Somebody("nobody in particular", service.caller(TENANT)),
        new Somebody("viewer", service.caller(TENANT, "VIEWER")),
        new Somebody("member", service.caller(TENANT, "MEMBER")),
        new Somebody("admin", service.caller(TENANT, "ADMIN")),
        new Somebody("tenant owner", owner),
        new Somebody("worker", service.caller(TENANT, "WORKER")),
        new Somebody("service", service.servicePrincipal()),
        new Somebody("tenant owner's run", owner.within(scope, owner.permissions())),
        new Somebody("run without permissions", owner.within(scope, List.of())));
  }

  /// Why somebody is kept out; null: they are not.
  private static @Nullable Code refusal(Policy policy, Somebody somebody) {
    var caller = somebody.caller();
    if (caller == null) {
      return Code.UNAUTHENTICATED;
    }
    var granted =
        policy.getPermission().equals("authenticated") || caller.may(policy.getPermission());
    var run = policy.getRun() || policy.getRunOnly();
    var allowed =
        policy.getInternal()
            ? caller.kind() == Caller.Kind.SERVICE
            : caller.kind() == Caller.Kind.USER
                && granted
                && (caller.run() == null ? !policy.getRunOnly() : run);
    return allowed ? null : Code.PERMISSION_DENIED;
  }

  private static Code call(Channel channel, MethodDescriptor method) {
    var request = DynamicMessage.getDefaultInstance(method.getInputType());
    var options = CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
    try {
      if (!method.isClientStreaming() && !method.isServerStreaming()) {
        ClientCalls.blockingUnaryCall(channel, grpc(method), options, request);
      } else {
        var call = ClientCalls.blockingBidiStreamingCall(channel, grpc(method), options);
        call.write(request);
        call.halfClose();
        call.read();
        call.cancel("seen enough", null);
      }
      return Code.OK;
    } catch (StatusRuntimeException refused) {
      return refused.getStatus().getCode();
    } catch (StatusException refused) {
      return refused.getStatus().getCode();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private static io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage> grpc(
      MethodDescriptor method) {
    var unary = !method.isClientStreaming() && !method.isServerStreaming();
    return io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
        .setType(unary ? MethodType.UNARY : MethodType.BIDI_STREAMING)
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
