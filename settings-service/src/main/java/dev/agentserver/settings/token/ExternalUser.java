package dev.agentserver.settings.token;

import dev.agentserver.settings.grant.Grant;
import java.util.UUID;

/// A user whom somebody else vouches for.
///
/// @param revocation the newest revocation when the user was looked up
public record ExternalUser(UUID tenantId, UUID userId, Grant grant, long revocation) {}
