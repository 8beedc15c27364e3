package dev.agentserver.conversation.stream;

/// What a call of a model used, as its provider told it. What it cost is not known here.
///
/// @param raw JSON
/// @param partial whether the provider told a part of it only
/// @param holdId what was reserved for it; empty: nothing
record Usage(
    String provider,
    String model,
    String flavor,
    String tier,
    String region,
    boolean batch,
    String raw,
    boolean partial,
    String holdId) {}
