package dev.agentserver.settings.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.util.Timestamps;
import dev.agentserver.common.v1.AnnotationsProto;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.test.TestIdentity;
import dev.agentserver.settings.Harness;
import dev.agentserver.settings.v1.ConfigurationServiceProto;
import dev.agentserver.settings.v1.SettingDefinition;
import dev.agentserver.settings.v1.SettingDefinitionServiceProto;
import dev.agentserver.settings.v1.SettingFeedServiceProto;
import dev.agentserver.settings.v1.SettingType;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor.MethodType;
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

/// Every RPC about configuration by everybody, in their own tenant and, for those who administer
/// another, without its being touched. What must happen follows from the policies and the roles.
class ConfigurationMatrixTest extends ConfigTest {
  private final AtomicInteger count = new AtomicInteger();

  static Stream<MethodDescriptor> methods() {
    return Stream.of(
            SettingDefinitionServiceProto.getDescriptor(),
            ConfigurationServiceProto.getDescriptor(),
            SettingFeedServiceProto.getDescriptor())
        .flatMap(file -> file.getServices().stream())
        .flatMap(each -> each.getMethods().stream());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everybodyGetsWhatThePolicySays(MethodDescriptor method) {
    platform();
    define(definition("there", SettingType.SETTING_TYPE_INT));
    set("there", "1");
    var before = history("");
    for (var somebody : everybody(UUID.randomUUID()).entrySet()) {
      var caller = somebody.getValue();
      if (caller != null && caller.tenantId() != null) {
        service.register(caller);
      }
      assertThat(call(service.channel(caller), method))
          .as(method.getFullName() + " by " + somebody.getKey())
          .isEqualTo(expected(method, caller));
    }
    // What all of them did, they did in their own tenant.
    assertThat(history("")).isEqualTo(before);
  }

  private static Map<String, @Nullable Caller> everybody(UUID tenant) {
    var everybody = new LinkedHashMap<String, @Nullable Caller>();
    everybody.put("anonymous", null);
    for (var role : List.of("VIEWER", "MEMBER", "WORKER", "ADMIN", "TENANT_OWNER")) {
      everybody.put(role, TestIdentity.user(tenant, role));
    }
    everybody.put("a platform's administrator", TestIdentity.user(tenant, "PLATFORM_ADMIN"));
    everybody.put("a service", Harness.servicePrincipal());
    return everybody;
  }

  /// The code of a refusal; OK: it is none.
  private static Code expected(MethodDescriptor method, @Nullable Caller caller) {
    var policy = method.getOptions().getExtension(AnnotationsProto.policy);
    if (policy.getPermission().equals("public")) {
      return Code.OK;
    }
    if (caller == null) {
      return Code.UNAUTHENTICATED;
    }
    if (policy.getInternal() || caller.kind() == Caller.Kind.SERVICE) {
      return policy.getInternal() && caller.kind() == Caller.Kind.SERVICE
          ? Code.OK
          : Code.PERMISSION_DENIED;
    }
    return caller.may(policy.getPermission()) ? Code.OK : Code.PERMISSION_DENIED;
  }

  private Code call(Channel channel, MethodDescriptor method) {
    var grpc =
        io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
            .setType(method.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY)
            .setFullMethodName(
                io.grpc.MethodDescriptor.generateFullMethodName(
                    method.getService().getFullName(), method.getName()))
            .setRequestMarshaller(
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())))
            .setResponseMarshaller(
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
            .build();
    try {
      ClientCalls.blockingServerStreamingCall(channel, grpc, CallOptions.DEFAULT, request(method))
          .next();
      return Code.OK;
    } catch (StatusRuntimeException e) {
      // The key is not there, or what is asked for is not: the call got as far as that.
      var code = e.getStatus().getCode();
      return code == Code.UNAUTHENTICATED || code == Code.PERMISSION_DENIED ? code : Code.OK;
    }
  }

  private DynamicMessage request(MethodDescriptor method) {
    var request = DynamicMessage.newBuilder(method.getInputType());
    for (var field : method.getInputType().getFields()) {
      var value = value(field);
      if (value != null && field.isRepeated()) {
        request.addRepeatedField(field, value);
      } else if (value != null) {
        request.setField(field, value);
      }
    }
    return request.build();
  }

  private @Nullable Object value(FieldDescriptor field) {
    return switch (field.getName()) {
      case "key" -> "there";
      case "service" -> "somebody";
      case "id" -> UUID.randomUUID().toString();
      case "content" -> "{}";
      case "to_revision" -> 0L;
      case "changes" -> change("there", "", "2");
      case "apply_at" -> Timestamps.fromMillis(System.currentTimeMillis() + 1_000_000);
      case "definition", "definitions" ->
          SettingDefinition.newBuilder()
              .setKey("new" + count.incrementAndGet())
              .setType(SettingType.SETTING_TYPE_INT)
              .build();
      default -> null;
    };
  }
}
