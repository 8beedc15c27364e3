package dev.agentserver.settings.history;

import java.time.Instant;
import java.util.List;

/// A revision as those hear of it who follow: its number and the keys it touched.
public record Touched(long revision, Instant createdAt, List<String> keys) {}
