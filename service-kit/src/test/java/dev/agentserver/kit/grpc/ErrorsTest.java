package dev.agentserver.kit.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.rpc.BadRequest;
import com.google.rpc.RequestInfo;
import com.google.rpc.RetryInfo;
import dev.agentserver.common.v1.ErrorReason;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.test.v1.EchoReply;
import dev.agentserver.kit.test.v1.EchoRequest;
import dev.agentserver.kit.test.v1.EchoServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ErrorsTest extends EchoTest {
  @Test
  void anUnknownMethodIsUnimplementedWithAReason() {
    var method =
        EchoServiceGrpc.getEchoMethod().toBuilder()
            .setFullMethodName("agentserver.kit.test.v1.EchoService/Shout")
            .build();
    assertRefused(
        () ->
            ClientCalls.blockingUnaryCall(
                server.channel(alice), method, CallOptions.DEFAULT, say("x")),
        Code.UNIMPLEMENTED,
        "UNIMPLEMENTED");
  }

  @Test
  void aFaultOfOursTellsAnIdAndNothingElse() {
    throwing(
        () ->
            new IllegalStateException(
                "jdbc:postgresql://secret",
                new SQLException("select password from users", "42601")));
    var failure = failure(() -> as(alice).echo(say("x")));
    var info = assertRefused(failure, Code.INTERNAL, "INTERNAL");
    var errorId = info.getMetadataMap().get("error_id");
    assertThat(errorId).matches("[0-9a-f]{16}");
    assertThat(faults.lines())
        .singleElement()
        .satisfies(line -> assertThat(line.getFormattedMessage()).contains(errorId, "jdbc:"));
    assertThat(failure.toString() + failure.getTrailers())
        .doesNotContain("secret", "select", "42601", "IllegalState", "postgres");
  }

  @Test
  void anErrorOfTheJvmIsAnswered() {
    echo.unary =
        _ -> {
          throw new StackOverflowError("deep");
        };
    assertRefused(() -> as(alice).echo(say("x")), Code.INTERNAL, "INTERNAL");
  }

  @Test
  void everyProblemHasItsStatusAndItsFacts() {
    assertThat(info(new Problem.AlreadyExists("thing", "7"), Code.ALREADY_EXISTS, "ALREADY_EXISTS"))
        .containsEntry("id", "7");
    assertThat(info(new Problem.Stale("thing", "7", "\"3\""), Code.ABORTED, "STALE_VERSION"))
        .containsEntry("etag", "\"3\"");
    assertThat(
            info(
                new Problem.Refused("NOT_DELETED", "it is there", Map.of("id", "9")),
                Code.FAILED_PRECONDITION,
                "NOT_DELETED"))
        .containsEntry("id", "9");
    assertThat(
            info(
                new Problem.Overloaded("queue", Duration.ofMillis(1500)),
                Code.RESOURCE_EXHAUSTED,
                "OVERLOADED"))
        .containsEntry("limit", "queue");
    assertThat(
            info(
                new Problem.Unavailable("database", Duration.ofSeconds(1)),
                Code.UNAVAILABLE,
                "UNAVAILABLE"))
        .containsEntry("dependency", "database");
    info(
        new Problem.Unauthenticated("TOKEN_EXPIRED", "late"),
        Code.UNAUTHENTICATED,
        "TOKEN_EXPIRED");
  }

  @Test
  void whatMayBeRetriedSaysWhen() {
    throwing(() -> new Problem.Overloaded("queue", Duration.ofMillis(1500)).raise());
    var delay =
        detail(failure(() -> as(alice).echo(say("x"))), RetryInfo.class)
            .orElseThrow()
            .getRetryDelay();
    assertThat(delay.getSeconds()).isEqualTo(1);
    assertThat(delay.getNanos()).isEqualTo(500_000_000);
  }

  @Test
  void aReasonThatIsNotRegisteredIsAFaultOfOurs() {
    throwing(() -> new Problem.Refused("MADE_UP", "no", Map.of()).raise());
    assertRefused(() -> as(alice).echo(say("x")), Code.INTERNAL, "INTERNAL");
  }

  @Test
  void everyRegisteredReasonHasAStatusThatIsNotOk() {
    for (var value : ErrorReason.getDescriptor().getValues()) {
      assertThat(ErrorReasons.code(value.getName().substring("ERROR_REASON_".length())).getNumber())
          .isPositive();
    }
  }

  @Test
  void aBrokenRuleNamesThePathOfItsField() {
    var request =
        EchoRequest.newBuilder()
            .setTimes(-1)
            .addInner(say("fine"))
            .addInner(say("x".repeat(65)))
            .putNamed("a", "far too long")
            .build();
    var failure = failure(() -> as(alice).echo(request));
    assertRefused(failure, Code.INVALID_ARGUMENT, "INVALID_ARGUMENT");
    assertThat(detail(failure, BadRequest.class).orElseThrow().getFieldViolationsList())
        .extracting(BadRequest.FieldViolation::getField)
        .containsExactlyInAnyOrder("times", "inner[1].text", "named[\"a\"]");
  }

  @Test
  void aBrokenRuleWithinAStreamEndsIt() {
    var reply = new RpcTest.Reply();
    var requests = async().collect(reply);
    requests.onNext(say("fine"));
    requests.onNext(say("x".repeat(65)));
    assertThat(reply.future.handle((_, failure) -> failure).join())
        .isInstanceOfSatisfying(
            io.grpc.StatusRuntimeException.class,
            failure -> assertRefused(failure, Code.INVALID_ARGUMENT, "INVALID_ARGUMENT"));
  }

  @Test
  void brokenUtf8IsAnInvalidArgumentThatNamesTheField() {
    var broken = new byte[] {(byte) 0xc3, 0x28};
    var text = bytes(output -> output.writeByteArray(1, broken));
    assertThat(unreadableField(text)).isEqualTo("text");
    var second =
        bytes(
            output -> {
              output.writeByteArray(3, say("fine").toByteArray());
              output.writeByteArray(3, text);
            });
    assertThat(unreadableField(second)).isEqualTo("inner[1].text");
    var value = bytes(output -> output.writeByteArray(2, broken));
    assertThat(unreadableField(bytes(output -> output.writeByteArray(4, value))))
        .isEqualTo("named");
  }

  @Test
  void bytesThatAreNoMessageAreAnInvalidArgument() {
    assertUnreadable(new byte[] {0x0a, 0x7f, 1});
    assertUnreadable(new byte[] {(byte) 0xff, (byte) 0xff});
  }

  @Test
  void messagesWithinMessagesWithoutEndAreAnInvalidArgument() {
    var bytes = new byte[0];
    for (var depth = 0; depth < 5000; depth++) {
      var inner = bytes;
      bytes = bytes(output -> output.writeByteArray(3, inner));
    }
    assertUnreadable(bytes);
  }

  @Test
  void aRequestThatIsTooLargeIsRefusedWithTheLimit() {
    var request =
        EchoRequest.newBuilder().setBallast(ByteString.copyFrom(new byte[9 * 1024 * 1024])).build();
    var info = assertRefused(() -> as(alice).echo(request), Code.RESOURCE_EXHAUSTED, "TOO_LARGE");
    assertThat(info.getMetadataMap())
        .containsEntry(
            "limit_bytes", Integer.toString(ServerConfig.local("x").maxInboundMessageBytes()));
  }

  @Test
  void overANetworkToo() {
    try (var network = NetworkServer.start(identity, echo)) {
      var request =
          EchoRequest.newBuilder()
              .setBallast(ByteString.copyFrom(new byte[9 * 1024 * 1024]))
              .build();
      var stub = EchoServiceGrpc.newBlockingStub(network.channel(alice));
      assertRefused(() -> stub.echo(request), Code.RESOURCE_EXHAUSTED, "TOO_LARGE");
    }
  }

  @Test
  void aPackedRequestIsReadAndOneThatUnpacksWithoutEndIsRefused() {
    try (var network = NetworkServer.start(identity, echo)) {
      var stub = EchoServiceGrpc.newBlockingStub(network.channel(alice)).withCompression("gzip");
      assertThat(stub.echo(say("packed")).getText()).isEqualTo("packed");
      var large = ByteString.copyFrom(new byte[9 * 1024 * 1024]);
      assertRefused(
          () -> stub.echo(EchoRequest.newBuilder().setBallast(large).build()),
          Code.RESOURCE_EXHAUSTED,
          "TOO_LARGE");
      var bomb = ByteString.copyFrom(new byte[64 * 1024 * 1024]);
      assertRefused(
          () -> stub.echo(EchoRequest.newBuilder().setBallast(bomb).build()),
          Code.RESOURCE_EXHAUSTED,
          "TOO_LARGE");
      assertThat(stub.echo(say("still here")).getText()).isEqualTo("still here");
    }
  }

  @Test
  void aCallWithTwoRequestsIsRefused() {
    for (var method : List.of(EchoServiceGrpc.getEchoMethod(), EchoServiceGrpc.getCountMethod())) {
      var wrong = method.toBuilder().setType(MethodDescriptor.MethodType.BIDI_STREAMING).build();
      var reply = new RpcTest.Reply();
      var requests =
          ClientCalls.asyncBidiStreamingCall(
              server.channel(alice).newCall(wrong, CallOptions.DEFAULT), reply);
      requests.onNext(say("one"));
      requests.onNext(say("two"));
      requests.onCompleted();
      assertThat(reply.future.handle((_, failure) -> failure).join())
          .isInstanceOfSatisfying(
              io.grpc.StatusRuntimeException.class,
              failure -> assertRefused(failure, Code.INVALID_ARGUMENT, "INVALID_ARGUMENT"));
    }
  }

  @Test
  void aCallWithoutARequestIsRefused() {
    for (var method : List.of(EchoServiceGrpc.getEchoMethod(), EchoServiceGrpc.getCountMethod())) {
      var wrong = method.toBuilder().setType(MethodDescriptor.MethodType.BIDI_STREAMING).build();
      var reply = new RpcTest.Reply();
      ClientCalls.asyncBidiStreamingCall(
              server.channel(alice).newCall(wrong, CallOptions.DEFAULT), reply)
          .onCompleted();
      assertThat(reply.future.handle((_, failure) -> failure).join())
          .isInstanceOfSatisfying(
              io.grpc.StatusRuntimeException.class,
              failure -> assertRefused(failure, Code.INVALID_ARGUMENT, "INVALID_ARGUMENT"));
    }
  }

  @Test
  void anotherServicesRefusalGoesOnAndItsFaultsDoNot() {
    throwing(() -> ProblemMapper.of(new Problem.NotFound("thing", "7")));
    assertRefused(() -> as(alice).echo(say("x")), Code.NOT_FOUND, "NOT_FOUND");
    throwing(
        () ->
            ProblemMapper.of(new Problem.NotFound("thing", "7"))
                .getStatus()
                .asException(ProblemMapper.of(new Problem.NotFound("thing", "7")).getTrailers()));
    assertRefused(() -> as(alice).echo(say("x")), Code.NOT_FOUND, "NOT_FOUND");
    throwing(() -> Status.INTERNAL.withDescription("its secret").asRuntimeException());
    assertThat(failure(() -> as(alice).echo(say("x")))).hasMessageNotContaining("secret");
    throwing(() -> Status.NOT_FOUND.asRuntimeException());
    assertRefused(() -> as(alice).echo(say("x")), Code.INTERNAL, "INTERNAL");
    throwing(() -> Status.UNAVAILABLE.asRuntimeException());
    assertRefused(() -> as(alice).echo(say("x")), Code.UNAVAILABLE, "UNAVAILABLE");
    throwing(() -> Status.DEADLINE_EXCEEDED.asRuntimeException());
    assertRefused(() -> as(alice).echo(say("x")), Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED");
    throwing(() -> Status.CANCELLED.asRuntimeException());
    assertRefused(() -> as(alice).echo(say("x")), Code.CANCELLED, "CANCELLED");
  }

  @Test
  void aStatusWithoutAReasonIsGivenOne() {
    var failure = Failure.of(Status.NOT_FOUND, new io.grpc.Metadata());
    assertThat(failure.reason()).isEqualTo("NOT_FOUND");
    assertThat(Failure.of(Status.UNKNOWN, new io.grpc.Metadata()).status().getCode())
        .isEqualTo(Code.INTERNAL);
  }

  @Test
  void theRequestsIdComesBack() {
    throwing(() -> new Problem.NotFound("thing", "7").raise());
    var failure = failure(() -> as(alice).echo(say("x")));
    var id = detail(failure, RequestInfo.class).orElseThrow().getRequestId();
    assertThat(failure.getTrailers().get(RequestId.HEADER)).isEqualTo(id).hasSize(32);
  }

  private void throwing(Supplier<Throwable> failure) {
    echo.unary = _ -> sneak(failure.get());
  }

  @SuppressWarnings(
      "unchecked") // handlers may be handed checked exceptions by libraries that hide them
  private static <T extends Throwable> EchoReply sneak(Throwable failure) throws T {
    throw (T) failure;
  }

  private Map<String, String> info(Problem problem, Code code, String reason) {
    throwing(problem::raise);
    return assertRefused(() -> as(alice).echo(say("x")), code, reason).getMetadataMap();
  }

  private void assertUnreadable(byte[] request) {
    assertThat(unreadableField(request)).isEmpty();
  }

  private String unreadableField(byte[] request) {
    var raw =
        EchoServiceGrpc.getEchoMethod().toBuilder(
                new Raw(), ProtoUtils.marshaller(EchoReply.getDefaultInstance()))
            .build();
    var failure =
        failure(
            () ->
                ClientCalls.blockingUnaryCall(
                    server.channel(alice), raw, CallOptions.DEFAULT, request));
    assertRefused(failure, Code.INVALID_ARGUMENT, "INVALID_ARGUMENT");
    assertThat(as(alice).echo(say("still here")).getText()).isEqualTo("still here");
    return detail(failure, BadRequest.class).orElseThrow().getFieldViolations(0).getField();
  }

  private interface Writing {
    void to(CodedOutputStream output) throws IOException;
  }

  private static byte[] bytes(Writing writing) {
    var bytes = ByteString.newOutput();
    try {
      var output = CodedOutputStream.newInstance(bytes);
      writing.to(output);
      output.flush();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteString().toByteArray();
  }

  private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      throw new UnsupportedOperationException();
    }
  }
}
