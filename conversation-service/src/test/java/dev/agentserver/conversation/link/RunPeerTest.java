package dev.agentserver.conversation.link;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.v1.GetRunRequest;
import dev.agentserver.agentrun.v1.Run;
import dev.agentserver.agentrun.v1.RunServiceGrpc.RunServiceImplBase;
import dev.agentserver.conversation.Harness;
import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.Conversation;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// agent-run-service is asked by the network, as whoever writes the message.
class RunPeerTest extends ServiceTest {
  private static final UUID FORBIDDEN = UUID.randomUUID();

  private final AtomicReference<String> asker = new AtomicReference<>("");
  private final AtomicReference<Run> known = new AtomicReference<>(Run.getDefaultInstance());
  private Server runs;
  private RunPeerRpc peer;
  private Harness asking;
  private Person ann;

  @BeforeAll
  void ask() throws IOException {
    runs =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(new Runs())
            .intercept(new Askers())
            .build()
            .start();
    peer = new RunPeerRpc("static:127.0.0.1:" + runs.getPort());
    asking = service.besideAsking(peer);
    ann = asking.person(TENANT, "MEMBER");
  }

  @AfterAll
  void end() {
    asking.close();
    peer.close();
    runs.shutdownNow();
  }

  @Test
  void whoeverWritesIsWhoAsks() {
    var conversation = conversation(ann);
    var run = run(conversation.getId());
    var message = ann.messages().createMessage(draft(conversation, "hi").setRunId(run).build());
    assertThat(message.getRunId()).isEqualTo(run);
    var claims = asker.get().split("\\.")[1];
    assertThat(new String(Base64.getUrlDecoder().decode(claims), StandardCharsets.UTF_8))
        .contains(ann.caller().principalId().toString());
  }

  @Test
  void whatMayNotBeSeenIsNotThere() {
    var conversation = conversation(ann);
    refused(conversation, UUID.randomUUID().toString());
    refused(conversation, FORBIDDEN.toString());
    refused(conversation, run(conversation(ann).getId()));
  }

  private void refused(Conversation conversation, String run) {
    assertProblem(
            Code.INVALID_ARGUMENT,
            "UNKNOWN_RUN",
            () -> ann.messages().createMessage(draft(conversation, "hi").setRunId(run).build()))
        .field("run_id");
  }

  @Test
  void whileNobodyAnswersOnlyMessagesThatNameRunsAreRefused() {
    try (var nobody = new RunPeerRpc("static:127.0.0.1:1");
        var alone = service.besideAsking(nobody)) {
      var bob = alone.person(TENANT, "MEMBER");
      var conversation = conversation(bob);
      say(bob, conversation, "hi");
      assertProblem(
              Code.UNAVAILABLE,
              "UNAVAILABLE",
              () ->
                  bob.messages()
                      .createMessage(
                          draft(conversation, "hi").setRunId(UUID.randomUUID().toString()).build()))
          .containsEntry("dependency", "agent-run-service");
    }
  }

  private String run(String conversation) {
    var run = UUID.randomUUID().toString();
    known.set(Run.newBuilder().setId(run).setConversationId(conversation).build());
    return run;
  }

  private final class Runs extends RunServiceImplBase {
    @Override
    public void getRun(GetRunRequest request, StreamObserver<Run> reply) {
      if (request.getRunId().equals(FORBIDDEN.toString())) {
        reply.onError(Status.PERMISSION_DENIED.asRuntimeException());
      } else if (request.getRunId().equals(known.get().getId())) {
        reply.onNext(known.get());
        reply.onCompleted();
      } else {
        reply.onError(Status.NOT_FOUND.asRuntimeException());
      }
    }
  }

  private final class Askers implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
      if (call.getMethodDescriptor().getServiceName().endsWith("RunService")) {
        asker.set(headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER)));
      }
      return next.startCall(call, headers);
    }
  }
}
