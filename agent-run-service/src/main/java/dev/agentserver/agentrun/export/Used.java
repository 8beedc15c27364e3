package dev.agentserver.agentrun.export;

import dev.agentserver.agentrun.ledger.Sum;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A call of a model, as it is exported.
///
/// @param sums what the models that served it used
/// @param charges the lines of the ledger
record Used(Event event, List<ModelSum> sums, List<Charge> charges) {
  /// Who used something, and of whom.
  record Event(
      UUID tenantId,
      UUID id,
      Instant occurredAt,
      String provider,
      String tier,
      String region,
      boolean batch,
      @Nullable UUID userId,
      @Nullable UUID agentId,
      @Nullable UUID runId,
      @Nullable String stepKey,
      @Nullable UUID sessionId,
      @Nullable UUID conversationId,
      @Nullable UUID projectId,
      @Nullable UUID messageId,
      String usageState,
      String priceState,
      boolean late) {
    boolean isPriced() {
      return !priceState.equals("UNPRICED");
    }
  }

  /// What a model used of a call.
  record ModelSum(String model, Sum sum) {}

  /// A line of the ledger.
  ///
  /// @param kind CHARGE, REPRICE or CORRECTION
  /// @param reversal whether it takes another back
  record Charge(
      int number,
      String kind,
      boolean reversal,
      String model,
      String unit,
      BigDecimal quantity,
      BigDecimal unitPrice,
      BigDecimal per,
      BigDecimal cost,
      @Nullable UUID priceVersionId,
      Instant createdAt) {}
}
