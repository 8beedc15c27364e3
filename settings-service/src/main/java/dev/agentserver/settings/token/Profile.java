package dev.agentserver.settings.token;

import dev.agentserver.settings.user.User;

/// A user, as they see themselves.
///
/// @param organization the name of their tenant
record Profile(User user, String organization) {}
