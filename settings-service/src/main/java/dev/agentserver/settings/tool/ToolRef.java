package dev.agentserver.settings.tool;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Names a tool.
///
/// @param id null: it is named by its name
/// @param version of its schemas; 0: the newest
record ToolRef(@Nullable UUID id, String name, int version) {}
