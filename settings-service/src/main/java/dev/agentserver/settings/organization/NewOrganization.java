package dev.agentserver.settings.organization;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A tenant to be made.
///
/// @param id the id the client chose, if it did
/// @param ownerEmail the e-mail address of its first owner; null: none
record NewOrganization(
    @Nullable UUID id, String name, @Nullable String ownerEmail, String ownerName) {}
