package dev.agentserver.settings.key;

import java.time.Instant;

/// Where a key stands in lists: what a page token holds.
record KeyPosition(Instant createdAt, String keyId) {}
