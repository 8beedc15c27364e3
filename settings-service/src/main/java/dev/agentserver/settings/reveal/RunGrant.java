package dev.agentserver.settings.reveal;

import java.util.Set;
import java.util.UUID;

/// What a run may use.
///
/// @param userId whom it acts for
/// @param providers the names of model providers
/// @param integrations the ids of integrations
record RunGrant(UUID userId, Set<String> providers, Set<UUID> integrations) {}
