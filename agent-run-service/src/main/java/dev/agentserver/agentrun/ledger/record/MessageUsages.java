package dev.agentserver.agentrun.ledger.record;

import static dev.agentserver.agentrun.text.ProtoText.uuidOrNull;

import dev.agentserver.agentrun.ledger.record.Report.Purpose;
import dev.agentserver.agentrun.ledger.record.Writer.Written;
import dev.agentserver.agentrun.usage.Conditions;
import dev.agentserver.agentrun.usage.ProviderUsage;
import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.outbox.PulledFact;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Records what messages used, as conversation-service tells by its facts "message.usage".
public final class MessageUsages {
  private static final Logger LOG = LoggerFactory.getLogger(MessageUsages.class);

  private record Pending(PulledFact fact, CompletableFuture<Written> written) {}

  private final Purposes purposes;
  private final Recorder recorder;

  public MessageUsages(Purposes purposes, Recorder recorder) {
    this.purposes = purposes;
    this.recorder = recorder;
  }

  /// Returns once all of them are in the ledger: those that came before count once. One that the
  /// ledger will never take is passed over; any other failure has them come again.
  public void record(List<PulledFact> facts) {
    var pending = new ArrayList<Pending>();
    for (var fact : facts) {
      CompletableFuture<Written> written;
      try {
        written = begin(fact);
      } catch (ProblemException refused) {
        written = CompletableFuture.failedFuture(refused);
      }
      pending.add(new Pending(fact, written));
    }
    pending.forEach(MessageUsages::await);
  }

  private static void await(Pending one) {
    try {
      one.written().get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Cancelled();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof ProblemException problem && isFinal(problem.problem())) {
        LOG.error("the usage of message {} is refused", one.fact().subjectId(), problem);
      } else {
        throw failed.getCause() instanceof RuntimeException cause
            ? cause
            : new IllegalStateException("usage was not recorded", failed);
      }
    }
  }

  private static boolean isFinal(Problem problem) {
    return problem instanceof Problem.Invalid || problem instanceof Problem.Refused;
  }

  private CompletableFuture<Written> begin(PulledFact fact) {
    var data = fact.data();
    var said =
        new Purpose(
            uuidOrNull(data.getOrDefault("run_id", "")),
            Long.parseLong(data.getOrDefault("lease_epoch", "0")),
            null,
            null,
            uuidOrNull(data.getOrDefault("agent_id", "")),
            null,
            UUID.fromString(data.get("conversation_id")),
            null,
            UUID.fromString(fact.subjectId()));
    var usage =
        new ProviderUsage(
            data.get("provider"),
            data.get("model"),
            data.get("flavor"),
            new Conditions(
                data.get("tier").toLowerCase(Locale.ROOT),
                Boolean.parseBoolean(data.get("batch")),
                data.get("region")),
            data.get("raw_usage"),
            Boolean.parseBoolean(data.get("partial")),
            uuidOrNull(data.get("hold_id")));
    var resolved =
        purposes.ofMessage(
            fact.tenantId(), UUID.fromString(data.get("user_id")), said, fact.createdAt());
    return recorder.recordAsync(
        resolved, Report.of(data.get("idempotency_key"), usage, fact.createdAt(), said));
  }
}
