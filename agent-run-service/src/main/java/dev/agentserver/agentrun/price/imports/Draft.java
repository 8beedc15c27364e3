package dev.agentserver.agentrun.price.imports;

import dev.agentserver.agentrun.price.PriceKey;
import dev.agentserver.agentrun.price.Rate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A price that somebody's file names.
///
/// @param from when it begins; null: the file does not say
public record Draft(PriceKey key, @Nullable Instant from, List<Rate> rates) {}
