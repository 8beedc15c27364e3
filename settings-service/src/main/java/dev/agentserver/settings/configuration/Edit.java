package dev.agentserver.settings.configuration;

import dev.agentserver.settings.history.Revision.Kind;
import org.jspecify.annotations.Nullable;

/// What is said of a change beside what it changes.
///
/// @param action the method that makes it, for the audit trail
/// @param base the revision the caller has seen; null: whatever there is
/// @param dry whether it is only to be said what would be changed
record Edit(Kind kind, String action, @Nullable Long base, String reason, boolean dry) {}
