package dev.agentserver.settings.organization;

import dev.agentserver.settings.user.User;

/// A tenant that was made, with its first owner.
///
/// @param ownerKey the text of the owner's key; empty in the answer to a retry
record Founding(Organization organization, User owner, String ownerKey) {
  @Override
  public String toString() {
    return "Founding[" + organization + ", " + owner + ", ***]";
  }
}
