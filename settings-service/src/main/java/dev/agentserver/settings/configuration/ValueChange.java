package dev.agentserver.settings.configuration;

import dev.agentserver.settings.history.Item;
import org.jspecify.annotations.Nullable;

/// A value that is to be set; null: removed.
record ValueChange(Item item, @Nullable String text) {}
