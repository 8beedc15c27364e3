package dev.agentserver.settings.reveal;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.settings.Live;
import dev.agentserver.settings.run.AgentRuns;
import dev.agentserver.settings.v1.IssueRunTokenRequest;
import dev.agentserver.settings.v1.RevealForRunRequest;
import dev.agentserver.settings.v1.RunTokenServiceGrpc;
import dev.agentserver.settings.v1.SecretAccessServiceGrpc;
import dev.agentserver.settings.v1.SecretAccessServiceGrpc.SecretAccessServiceBlockingStub;
import io.grpc.Status.Code;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// agent-run-service does not answer, or is not there.
class RunsAwayTest {
  private static final RevealForRunRequest ASKED =
      RevealForRunRequest.newBuilder().setProviderId(UUID.randomUUID().toString()).build();

  @Test
  void withoutAnAnswerAboutTheRunNothingIsRevealedAndTheCallerIsToldSoon() {
    try (var silent = new AgentRuns();
        var alone = new Live(Map.of("PORT", "0", "AGENT_RUN_TARGET", silent.target()))) {
      silent.trust(alone);
      silent.hang();
      var run = SecretAccessServiceGrpc.newBlockingStub(alone.as(token(alone)));
      assertUnavailable(run);
      assertThat(silent.callers()).as("it was asked, and given up").hasSize(1);
      silent.stop();
      assertUnavailable(run);
    }
  }

  /// Not by the caller's deadline, which is far away.
  private static void assertUnavailable(SecretAccessServiceBlockingStub run) {
    assertProblem(
            Code.UNAVAILABLE,
            "UNAVAILABLE",
            () -> run.withDeadlineAfter(60, TimeUnit.SECONDS).revealForRun(ASKED))
        .containsEntry("dependency", "agent-run-service");
  }

  private static String token(Live service) {
    var tenant = service.tenant();
    return RunTokenServiceGrpc.newBlockingStub(service.as(service.serviceToken()))
        .issueRunToken(
            IssueRunTokenRequest.newBuilder()
                .setTenantId(tenant.id().toString())
                .setUserId(tenant.ownerId().toString())
                .setRunId(UUID.randomUUID().toString())
                .setLeaseEpoch(1)
                .build())
        .getToken();
  }
}
