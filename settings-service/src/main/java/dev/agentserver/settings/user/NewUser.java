package dev.agentserver.settings.user;

import dev.agentserver.settings.user.User.Attributes;
import dev.agentserver.settings.user.User.Kind;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A user to be made.
///
/// @param id the id the client chose, if it did
public record NewUser(@Nullable UUID id, Kind kind, Attributes attributes) {}
