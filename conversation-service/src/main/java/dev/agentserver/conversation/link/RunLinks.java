package dev.agentserver.conversation.link;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The links from messages to the runs that produced them: made only to what is there.
public final class RunLinks {
  /// A link that somebody wants.
  ///
  /// @param field where it stands in the request
  public record Link(String field, UUID runId) {}

  private final RunPeer runs;

  public RunLinks(RunPeer runs) {
    this.runs = runs;
  }

  /// Fails with UNKNOWN_RUN for the first link to a run that the caller may not see, or that
  /// answers in another conversation. Whoever acts for a run needs not ask for it. It asks another
  /// service: never within a transaction.
  ///
  /// @param conversationId null: one that is still to be made
  public void check(Caller caller, @Nullable UUID conversationId, List<Link> links) {
    var asked = new HashMap<UUID, Optional<RunPeer.Run>>();
    for (var link : links) {
      if (isOwn(caller, link.runId())) {
        continue;
      }
      asked
          .computeIfAbsent(link.runId(), runs::find)
          .filter(run -> answersIn(run, conversationId))
          .orElseThrow(() -> unknown(link));
    }
  }

  private static boolean isOwn(Caller caller, UUID runId) {
    return caller.run() != null && caller.run().runId().equals(runId);
  }

  private static boolean answersIn(RunPeer.Run run, @Nullable UUID conversationId) {
    return run.conversationId() == null || Objects.equals(run.conversationId(), conversationId);
  }

  private static RuntimeException unknown(Link link) {
    return new Problem.Refused(
            "UNKNOWN_RUN",
            "there is no run " + link.runId() + " that answers in this conversation",
            Map.of("field", link.field(), "id", link.runId().toString()))
        .raise();
  }
}
