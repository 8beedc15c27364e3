package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.message.Message;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.outbox.Outbox;
import dev.agentserver.kit.problem.Problem;
import java.util.Map;
import java.util.TreeMap;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Tells agent-run-service, which keeps the ledger, what the calls behind messages used: in the
/// transaction in which a message ends, so that none is lost while that service is away.
final class Usages {
  private static final String WRITE = "usage:write";

  private final Outbox outbox;

  Usages(Outbox outbox) {
    this.outbox = outbox;
  }

  /// Refuses a caller who may not say what was used. A run speaks of its own.
  static void checkAccess(Caller caller, @Nullable Usage usage) {
    if (usage != null && caller.run() == null && !caller.may(WRITE) && !caller.mayAny(WRITE)) {
      throw new Problem.Denied(WRITE).raise();
    }
  }

  /// The fact "message.usage". A writer's call counts once, however often it is told: the key is
  /// that of the writer.
  ///
  /// @param epoch names the writer
  void tell(DSLContext db, Caller caller, Message message, long epoch, Usage usage) {
    var id = message.id().toString();
    var data = new TreeMap<String, Object>();
    data.put("idempotency_key", "agentserver:message:" + id + ":" + epoch);
    data.put("user_id", caller.principalId().toString());
    data.put("conversation_id", message.conversationId().toString());
    var run = caller.run();
    if (run != null) {
      data.put("run_id", run.runId().toString());
      data.put("lease_epoch", Long.toString(run.leaseEpoch()));
    } else if (message.origin().runId() != null) {
      data.put("run_id", message.origin().runId().toString());
    }
    if (message.origin().agentId() != null) {
      data.put("agent_id", message.origin().agentId().toString());
    }
    data.putAll(
        Map.of(
            "provider", usage.provider(),
            "model", usage.model(),
            "flavor", usage.flavor(),
            "tier", usage.tier(),
            "region", usage.region(),
            "batch", usage.batch(),
            "raw_usage", usage.raw(),
            "partial", usage.partial(),
            "hold_id", usage.holdId()));
    outbox.publish(db, caller.tenantId(), "message.usage", id, data);
  }
}
