package dev.agentserver.settings.flag;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.flagd.evaluation.v1.ResolveAllRequest;
import dev.agentserver.flagd.evaluation.v2.EventStreamRequest;
import dev.agentserver.flagd.evaluation.v2.EventStreamResponse;
import dev.agentserver.flagd.evaluation.v2.ResolveBooleanRequest;
import dev.agentserver.flagd.evaluation.v2.ResolveFloatRequest;
import dev.agentserver.flagd.evaluation.v2.ResolveIntRequest;
import dev.agentserver.flagd.evaluation.v2.ResolveObjectRequest;
import dev.agentserver.flagd.evaluation.v2.ResolveStringRequest;
import dev.agentserver.flagd.evaluation.v2.ServiceGrpc;
import dev.agentserver.flagd.evaluation.v2.ServiceGrpc.ServiceBlockingStub;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.stub.MetadataUtils;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// flagd's protocol, directly and by the port for clients that cannot send a credential.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FlagdTest {
  private Serving serving;

  @BeforeAll
  void start() {
    serving = new Serving(Map.of("CONFIG_ENVIRONMENT", "test"));
    serving.create("truth", "", Definitions.bool(true));
    serving.create(
        "text",
        "",
        Definitions.of(
            "{\"state\":\"ENABLED\",\"variants\":{\"a\":\"A\"},\"defaultVariant\":\"a\"}"));
    serving.create(
        "number",
        "",
        Definitions.of("{\"state\":\"ENABLED\",\"variants\":{\"a\":42},\"defaultVariant\":\"a\"}"));
    serving.create(
        "object",
        "",
        Definitions.of(
            "{\"state\":\"ENABLED\",\"variants\":{\"a\":{\"b\":[1]}},\"defaultVariant\":\"a\"}"));
    serving.create(
        "off",
        "",
        Definitions.of(
            "{\"state\":\"DISABLED\",\"variants\":{\"a\":true},\"defaultVariant\":\"a\"}"));
  }

  @AfterAll
  void stop() {
    serving.close();
  }

  @Test
  void everyTypeIsResolvedByItsOwnMethod() {
    var flags = ServiceGrpc.newBlockingStub(serving.channel());
    assertThat(flags.resolveBoolean(bool("truth")).getValue()).isTrue();
    assertThat(flags.resolveString(ResolveStringRequest.newBuilder().setFlagKey("text").build()))
        .satisfies(
            found -> {
              assertThat(found.getValue()).isEqualTo("A");
              assertThat(found.getVariant()).isEqualTo("a");
              assertThat(found.getReason()).isEqualTo("STATIC");
            });
    assertThat(
            flags
                .resolveInt(ResolveIntRequest.newBuilder().setFlagKey("number").build())
                .getValue())
        .isEqualTo(42);
    assertThat(
            flags
                .resolveFloat(ResolveFloatRequest.newBuilder().setFlagKey("number").build())
                .getValue())
        .isEqualTo(42);
    assertThat(
            flags
                .resolveObject(ResolveObjectRequest.newBuilder().setFlagKey("object").build())
                .getValue())
        .isEqualTo(Definitions.of("{\"b\":[1]}"));
  }

  @Test
  void faultsHaveTheStatusThatProvidersExpect() {
    var flags = ServiceGrpc.newBlockingStub(serving.channel());
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> flags.resolveBoolean(bool("nowhere")));
    assertProblem(
        Code.INVALID_ARGUMENT, "FLAG_TYPE_MISMATCH", () -> flags.resolveBoolean(bool("text")));
    serving.create(
        "lost",
        "",
        Definitions.of(
            """
            {"state":"ENABLED","variants":{"a":true},"defaultVariant":"a","targeting":{"if":[true,"b"]}}
            """));
    assertProblem(Code.UNKNOWN, "FLAG_FAILED", () -> flags.resolveBoolean(bool("lost")));
  }

  @Test
  void aDisabledFlagIsASuccessWithoutAValue() {
    var off = ServiceGrpc.newBlockingStub(serving.channel()).resolveBoolean(bool("off"));
    assertThat(off.getReason()).isEqualTo("DISABLED");
    assertThat(off.hasValue()).isFalse();
    assertThat(off.hasVariant()).isFalse();
  }

  @Test
  void versionOneResolvesAllThatHaveAValue() {
    var all =
        dev.agentserver.flagd.evaluation.v1.ServiceGrpc.newBlockingStub(serving.channel())
            .resolveAll(ResolveAllRequest.getDefaultInstance())
            .getFlagsMap();
    assertThat(all).containsKeys("truth", "text", "number", "object").doesNotContainKey("off");
    assertThat(all.get("number").getDoubleValue()).isEqualTo(42);
  }

  @Test
  void theEnvironmentIsThatOfTheProcessOrTheOneThatIsAskedFor() {
    serving.create("where", "", Definitions.bool(false));
    serving.create("where", "test", Definitions.bool(true));
    assertThat(ServiceGrpc.newBlockingStub(serving.channel()).resolveBoolean(bool("where")))
        .satisfies(found -> assertThat(found.getValue()).isTrue());
    assertThat(selecting("environment=prod").resolveBoolean(bool("where")).getValue()).isFalse();
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () -> selecting("prod").resolveBoolean(bool("where")));
  }

  @Test
  void whoCannotSendACredentialComesByAnotherPort() {
    assertThat(ServiceGrpc.newBlockingStub(serving.guests()).resolveBoolean(bool("truth")))
        .satisfies(found -> assertThat(found.getValue()).isTrue());
    assertProblem(
        Code.UNAUTHENTICATED,
        "UNAUTHENTICATED",
        () ->
            ServiceGrpc.newBlockingStub(serving.withoutCredential()).resolveBoolean(bool("truth")));
  }

  @Test
  void aStreamIsReadyAndThenTellsWhichFlagsChanged() {
    serving.create("watched", "", Definitions.bool(false));
    var events =
        ServiceGrpc.newBlockingStub(serving.guests())
            .eventStream(EventStreamRequest.getDefaultInstance());
    assertThat(events.next().getType()).isEqualTo("provider_ready");
    serving.update("watched", Definitions.bool(true));
    EventStreamResponse change;
    do {
      change = events.next();
      assertThat(change.getType()).isEqualTo("configuration_change");
    } while (!change
        .getData()
        .getFieldsOrThrow("flags")
        .getStructValue()
        .containsFields("watched"));
  }

  private static ResolveBooleanRequest bool(String key) {
    return ResolveBooleanRequest.newBuilder().setFlagKey(key).build();
  }

  private ServiceBlockingStub selecting(String selector) {
    var headers = new Metadata();
    headers.put(Metadata.Key.of("flagd-selector", Metadata.ASCII_STRING_MARSHALLER), selector);
    Channel channel =
        ClientInterceptors.intercept(
            serving.channel(), MetadataUtils.newAttachHeadersInterceptor(headers));
    return ServiceGrpc.newBlockingStub(channel);
  }
}
