package dev.agentserver.agentrun.price.book;

import dev.agentserver.agentrun.price.PriceVersion;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A version with what is known of its row.
record StoredVersion(PriceVersion version, Instant createdAt, @Nullable Instant withdrawnAt) {}
