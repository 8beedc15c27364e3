package dev.agentserver.kit.erasure;

/// What an erasure has done to one table.
///
/// @param changed rows that stay and name the erased no more
/// @param remaining rows that were found afterwards
public record ErasedTable(String name, long removed, long changed, long remaining) {}
