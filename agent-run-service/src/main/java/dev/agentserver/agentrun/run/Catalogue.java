package dev.agentserver.agentrun.run;

import dev.agentserver.kit.identity.Caller;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// The agents, as runs need them.
public interface Catalogue {
  /// Whether a tool may be called.
  enum Permission {
    ALLOW,
    ASK,
    DENY
  }

  /// The version of an agent that a run is held to.
  ///
  /// @param maxTokens how long its answers may be; null: it does not say
  /// @param queue where the agent's runs wait unless they say otherwise; null: it does not say
  record Pinned(int version, @Nullable Integer maxTokens, @Nullable String queue) {}

  /// The newest version of an agent that the caller may use, which the run is held to from now on.
  /// Fails with NotFound where there is none, and where the agent takes no new runs.
  Pinned pin(DSLContext db, Caller caller, UUID agentId);

  /// What a version says of a tool; empty where it has none such, or where it is not enabled.
  Optional<Permission> permission(
      DSLContext db, UUID tenantId, UUID agentId, int version, UUID toolId);

  /// The names of the model providers that a version works with.
  List<String> providers(DSLContext db, UUID tenantId, UUID agentId, int version);

  /// The tools that a version enables.
  List<UUID> tools(DSLContext db, UUID tenantId, UUID agentId, int version);

  /// The integrations that a version works with.
  List<UUID> integrations(DSLContext db, UUID tenantId, UUID agentId, int version);
}
