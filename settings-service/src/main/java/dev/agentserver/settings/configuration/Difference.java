package dev.agentserver.settings.configuration;

import dev.agentserver.settings.history.Content;
import dev.agentserver.settings.history.Item;

/// What a change does to one value.
record Difference(Item item, Content before, Content after) {}
