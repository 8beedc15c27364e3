package dev.agentserver.agentrun.project;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which projects are wanted; null and nothing ask nothing.
public record ProjectFilter(
    Set<Project.State> states,
    @Nullable String slug,
    @Nullable String externalId,
    Map<String, String> metadata) {}
