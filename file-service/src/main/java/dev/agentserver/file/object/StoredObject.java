package dev.agentserver.file.object;

import java.time.Instant;

/// An object that is there.
///
/// @param modifiedAt when it was written, by the store's clock
public record StoredObject(String key, long length, Instant modifiedAt) {}
