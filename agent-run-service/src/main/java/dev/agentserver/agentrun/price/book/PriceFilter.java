package dev.agentserver.agentrun.price.book;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Which prices are listed.
///
/// @param provider null: of all
/// @param model null: all
/// @param inForceAt null: whenever they are
record PriceFilter(
    @Nullable String provider,
    @Nullable String model,
    @Nullable Instant inForceAt,
    boolean withdrawn) {}
