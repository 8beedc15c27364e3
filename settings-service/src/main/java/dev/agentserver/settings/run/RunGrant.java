package dev.agentserver.settings.run;

import java.util.Set;
import java.util.UUID;

/// What a run may use.
///
/// @param userId whom it acts for
/// @param providers the names of model providers
/// @param integrations the ids of integrations
/// @param tools the ids of tools
public record RunGrant(
    UUID userId, Set<String> providers, Set<UUID> integrations, Set<UUID> tools) {}
