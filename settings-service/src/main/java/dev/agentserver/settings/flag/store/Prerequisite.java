package dev.agentserver.settings.flag.store;

/// Another flag, which must have a variant.
public record Prerequisite(String key, String variant) {}
