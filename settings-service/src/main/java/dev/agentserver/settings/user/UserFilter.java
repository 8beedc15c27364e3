package dev.agentserver.settings.user;

import org.jspecify.annotations.Nullable;

/// Which users are wanted; null asks nothing.
record UserFilter(@Nullable String role, @Nullable String email) {}
