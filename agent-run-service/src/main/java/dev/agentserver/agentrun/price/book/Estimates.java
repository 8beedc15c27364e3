package dev.agentserver.agentrun.price.book;

import dev.agentserver.agentrun.price.PriceBook;
import dev.agentserver.agentrun.price.Priced;
import dev.agentserver.agentrun.usage.Conditions;
import dev.agentserver.agentrun.usage.NormalizedUsage;
import dev.agentserver.agentrun.usage.NormalizedUsage.State;
import dev.agentserver.agentrun.usage.Normalizer;
import dev.agentserver.agentrun.usage.Reading;
import dev.agentserver.kit.identity.Caller;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Says what usage means and costs, and records nothing.
final class Estimates {
  private final Normalizer normalizer;
  private final PriceBook book;
  private final UnaryOperator<String> providers;
  private final Clock clock;

  /// @param providers the name of a provider in the price book
  Estimates(Normalizer normalizer, PriceBook book, UnaryOperator<String> providers, Clock clock) {
    this.normalizer = normalizer;
    this.book = book;
    this.providers = providers;
    this.clock = clock;
  }

  NormalizedUsage normalize(String provider, String flavor, String model, String raw) {
    return normalizer.normalize(provider, flavor, model, raw);
  }

  /// What somebody says was used.
  NormalizedUsage given(String provider, List<Reading> readings) {
    return new NormalizedUsage(
        providers.apply(provider), readings, null, Conditions.STANDARD, List.of(), State.ESTIMATED);
  }

  /// @param occurredAt null: now
  Priced price(
      Caller caller, NormalizedUsage usage, Conditions conditions, @Nullable Instant occurredAt) {
    return book.price(
        caller.tenantId(), usage, conditions, occurredAt == null ? clock.instant() : occurredAt);
  }
}
