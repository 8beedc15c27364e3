package dev.agentserver.settings.flag.manage;

import dev.agentserver.settings.history.Item;
import dev.agentserver.settings.history.Revision;
import java.util.UUID;

/// Who changes what, how and why.
///
/// @param reason in their words
record Change(Item item, Revision.Kind kind, UUID changedBy, String reason) {}
