package dev.agentserver.kit.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Caller.Kind;
import dev.agentserver.kit.test.LogCapture;
import dev.agentserver.kit.test.TestIdentity;
import dev.agentserver.kit.test.TestServer;
import dev.agentserver.kit.test.v1.EchoRequest;
import dev.agentserver.kit.test.v1.EchoServiceGrpc;
import dev.agentserver.kit.test.v1.EchoServiceGrpc.EchoServiceBlockingStub;
import dev.agentserver.kit.test.v1.EchoServiceGrpc.EchoServiceStub;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A server with the echo service, and a caller who may use it.
abstract class EchoTest {
  record Refusal(@Nullable Caller caller, String method, String reason, String address) {}

  final TestIdentity identity = new TestIdentity();
  final Caller alice = user("echo:read");
  final Echo echo = new Echo();
  final BlockingQueue<Refusal> refusals = new LinkedBlockingQueue<>();
  TestServer server;
  LogCapture faults;

  @BeforeEach
  void start() {
    faults = LogCapture.of(Faults.class);
    server =
        TestServer.start(
            config(),
            identity,
            (caller, method, reason, address) ->
                refusals.add(new Refusal(caller, method, reason, address)),
            List.of(echo));
  }

  @AfterEach
  void stop() {
    server.close();
    identity.close();
    faults.close();
  }

  ServerConfig config() {
    return ServerConfig.local("test");
  }

  EchoServiceBlockingStub as(@Nullable Caller caller) {
    return EchoServiceGrpc.newBlockingStub(server.channel(caller));
  }

  EchoServiceBlockingStub with(String token) {
    return EchoServiceGrpc.newBlockingStub(server.channelWithToken(token));
  }

  EchoServiceStub async() {
    return EchoServiceGrpc.newStub(server.channel(alice));
  }

  static Caller user(String... permissions) {
    return new Caller(
        UUID.randomUUID(), UUID.randomUUID(), Kind.USER, Set.of(), Set.of(permissions), "test");
  }

  static EchoRequest say(String text) {
    return EchoRequest.newBuilder().setText(text).build();
  }

  static StatusRuntimeException failure(ThrowingCallable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call);
  }

  static ErrorInfo assertRefused(ThrowingCallable call, Code code, String reason) {
    return assertRefused(failure(call), code, reason);
  }

  static ErrorInfo assertRefused(StatusRuntimeException failure, Code code, String reason) {
    assertThat(failure.getStatus().getCode()).isEqualTo(code);
    var info = detail(failure, ErrorInfo.class).orElseThrow();
    assertThat(info.getReason()).isEqualTo(reason);
    assertThat(info.getDomain()).isEqualTo("agentserver");
    return info;
  }

  static <M extends Message> Optional<M> detail(StatusRuntimeException failure, Class<M> type) {
    return StatusProto.fromThrowable(failure).getDetailsList().stream()
        .filter(detail -> detail.is(type))
        .findFirst()
        .map(
            detail -> {
              try {
                return detail.unpack(type);
              } catch (InvalidProtocolBufferException damaged) {
                throw new AssertionError(damaged);
              }
            });
  }
}
