package dev.agentserver.settings.role;

import java.util.List;

/// What a role is to be.
///
/// @param permissions in the order of their names
record RoleDraft(String name, String description, List<String> permissions) {}
