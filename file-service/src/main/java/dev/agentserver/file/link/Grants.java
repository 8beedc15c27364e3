package dev.agentserver.file.link;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.RunScope;
import java.time.Duration;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Who may read files that are not their own, because they may read what uses them. That somebody
/// may is remembered for a moment, so that a file that is read in many ranges is asked for once; a
/// member who was removed reads on for no longer than that.
final class Grants {
  static final Duration REMEMBERED = Duration.ofSeconds(5);

  /// As many ids as are remembered with the answers.
  private static final long MOST_IDS = 100_000;

  private record Key(
      @Nullable UUID tenantId,
      UUID principalId,
      String credentialId,
      @Nullable RunScope run,
      UUID fileId,
      Uses uses) {}

  private final ConversationPeer conversations;
  private final AgentRunPeer agentRuns;
  private final Cache<Key, Boolean> granted;

  /// @param nanoTime a clock that only goes on
  Grants(ConversationPeer conversations, AgentRunPeer agentRuns, LongSupplier nanoTime) {
    this.conversations = conversations;
    this.agentRuns = agentRuns;
    this.granted =
        Caffeine.newBuilder()
            .maximumWeight(MOST_IDS)
            .<Key, Boolean>weigher((key, _) -> 1 + key.uses().size())
            .expireAfterWrite(REMEMBERED)
            .ticker(nanoTime::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  /// Asks other services, as the caller: never within a transaction.
  boolean may(Caller caller, UUID fileId, Uses uses) {
    var key =
        new Key(
            caller.tenantId(),
            caller.principalId(),
            caller.credentialId(),
            caller.run(),
            fileId,
            uses);
    if (granted.getIfPresent(key) != null) {
      return true;
    }
    var may = ask(fileId, uses);
    if (may) {
      granted.put(key, true);
    }
    return may;
  }

  /// Which messages a file goes with is known to conversation-service before it is known here.
  private boolean ask(UUID fileId, Uses uses) {
    var mayThere =
        (!uses.sessions().isEmpty() || !uses.agents().isEmpty())
            && agentRuns.isReadable(uses.sessions(), uses.agents());
    return mayThere || conversations.isReadable(fileId, uses.conversations());
  }
}
