package dev.agentserver.kit.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.test.v1.EchoReply;
import dev.agentserver.kit.test.v1.EchoRequest;
import dev.agentserver.kit.test.v1.EchoServiceGrpc;
import dev.agentserver.settings.v1.AccessServiceGrpc;
import dev.agentserver.settings.v1.GetJwksRequest;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class AttemptsTest {
  @Test
  void anAttemptIsNamedByItsMethodAndItsKey() {
    var attempt = attempt(say("hello", "r-1"));
    assertThat(attempt.method()).isEqualTo("agentserver.kit.test.v1.EchoService/Echo");
    assertThat(attempt.requestId()).isEqualTo("r-1");
  }

  @Test
  void theHashIsThatOfTheRequestWithoutItsKey() {
    assertThat(attempt(say("hello", "r-1")).requestHash())
        .hasSize(32)
        .isEqualTo(attempt(say("hello", "r-2")).requestHash());
    assertThat(attempt(say("hello", "r-1")).requestHash())
        .isNotEqualTo(attempt(say("hallo", "r-1")).requestHash());
  }

  @Test
  void theOrderOfAMapIsOfNoMatter() {
    var forth =
        say("x", "r").toBuilder().putNamed("a", "1").putNamed("b", "2").putNamed("c", "3").build();
    var back =
        say("x", "r").toBuilder().putNamed("c", "3").putNamed("b", "2").putNamed("a", "1").build();
    assertThat(attempt(forth).requestHash()).isEqualTo(attempt(back).requestHash());
  }

  @Test
  void aReplyIsKeptWithoutItsSecrets() {
    var inner = EchoReply.newBuilder().setText("inner").setPassword("hunter3");
    var reply =
        EchoReply.newBuilder().setText("outer").setPassword("hunter2").addInner(inner).build();
    var attempt = attempt(say("x", "r"));
    var kept = attempt.encode().apply(reply);
    assertThat(attempt.decode().apply(kept))
        .isEqualTo(
            EchoReply.newBuilder()
                .setText("outer")
                .addInner(EchoReply.newBuilder().setText("inner"))
                .build());
  }

  @Test
  void aReplyWithoutSecretsIsKeptAsItIs() {
    var request = GetJwksRequest.getDefaultInstance();
    assertThat(SecretFields.blanked(request)).isSameAs(request);
  }

  @Test
  void aKeptReplyThatIsDamagedIsAFaultOfOurs() {
    assertThatIllegalStateException()
        .isThrownBy(() -> attempt(say("x", "r")).decode().apply(new byte[] {0x0a, 0x7f}));
  }

  @Test
  void aRequestWithoutAKeyCannotBeAnAttempt() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Attempts.of(
                    AccessServiceGrpc.getGetJwksMethod(),
                    GetJwksRequest.getDefaultInstance(),
                    Function.identity(),
                    Function.identity()))
        .withMessageContaining("request_id");
  }

  private static EchoRequest say(String text, String requestId) {
    return EchoRequest.newBuilder().setText(text).setRequestId(requestId).build();
  }

  private static Attempt<EchoReply> attempt(EchoRequest request) {
    return Attempts.of(
        EchoServiceGrpc.getEchoMethod(), request, Function.identity(), Function.identity());
  }
}
