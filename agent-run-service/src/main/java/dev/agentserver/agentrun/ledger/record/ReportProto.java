package dev.agentserver.agentrun.ledger.record;

import static dev.agentserver.agentrun.text.ProtoText.clean;
import static dev.agentserver.agentrun.text.ProtoText.cleanOrNull;
import static dev.agentserver.agentrun.text.ProtoText.instant;
import static dev.agentserver.agentrun.text.ProtoText.uuidOrNull;

import dev.agentserver.agentrun.ledger.record.Correction.What;
import dev.agentserver.agentrun.ledger.record.Report.Purpose;
import dev.agentserver.agentrun.usage.Conditions;
import dev.agentserver.agentrun.usage.NormalizedUsage;
import dev.agentserver.agentrun.usage.Reading;
import dev.agentserver.agentrun.usage.Unit;
import dev.agentserver.agentrun.v1.CorrectUsageRequest;
import dev.agentserver.agentrun.v1.UsageQuantity;
import dev.agentserver.agentrun.v1.UsageRecord;
import dev.agentserver.agentrun.v1.UsageState;
import dev.agentserver.kit.json.JsonText;
import dev.agentserver.kit.problem.Problem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the contract says of usage, as a report.
public final class ReportProto {
  private ReportProto() {}

  /// The report; its hash is that of the record.
  public static Report report(UsageRecord record) {
    return new Report(
        clean(record.getIdempotencyKey()),
        Report.sha256(record.toByteArray()),
        clean(record.getProvider()),
        clean(record.getModel()),
        clean(record.getFlavor()),
        new Conditions(
            clean(record.getTier()).toLowerCase(Locale.ROOT),
            record.getBatch(),
            clean(record.getRegion())),
        clean(record.getRawUsage()),
        readings("record.quantities", clean(record.getModel()), record.getQuantitiesList()),
        state(record.getUsageState()),
        record.hasOccurredAt() ? instant("record.occurred_at", record.getOccurredAt()) : null,
        uuidOrNull(record.getHoldId()),
        new Purpose(
            uuidOrNull(record.getRunId()),
            record.getLeaseEpoch(),
            cleanOrNull(record.getStepKey()),
            uuidOrNull(record.getUserId()),
            uuidOrNull(record.getAgentId()),
            uuidOrNull(record.getSessionId()),
            uuidOrNull(record.getConversationId()),
            uuidOrNull(record.getProjectId()),
            uuidOrNull(record.getMessageId())));
  }

  /// What is said to be right.
  public static Correction correction(CorrectUsageRequest request) {
    var what =
        switch (request.getCorrectionCase()) {
          case RAW_USAGE -> {
            JsonText.check("raw_usage", request.getRawUsage());
            yield new What.Raw(request.getRawUsage());
          }
          case QUANTITIES ->
              new What.Quantities(
                  called ->
                      readings(
                          "quantities.quantities",
                          called,
                          request.getQuantities().getQuantitiesList()));
          case VOIDED -> new What.Nothing();
          case CORRECTION_NOT_SET -> throw Problem.invalid("correction", "is required");
        };
    return new Correction(UUID.fromString(request.getEventId()), what, clean(request.getReason()));
  }

  /// What was used, by model.
  ///
  /// @param called the model of those that name none
  public static List<Reading> readings(
      String field, String called, List<UsageQuantity> quantities) {
    var models = new LinkedHashMap<String, Map<Unit, BigDecimal>>();
    for (var quantity : quantities) {
      var unit = unit(field, quantity.getUnit());
      models
          .computeIfAbsent(
              quantity.getModel().isEmpty() ? called : clean(quantity.getModel()),
              _ -> new EnumMap<>(Unit.class))
          .merge(unit, new BigDecimal(quantity.getQuantity()), BigDecimal::add);
    }
    var readings = new ArrayList<Reading>();
    models.forEach((model, used) -> readings.add(new Reading(model, used)));
    return readings;
  }

  /// What calls as such cost is told by prices, and a cost by the provider.
  private static Unit unit(String field, String key) {
    return Unit.of(key)
        .filter(unit -> unit != Unit.PROVIDER_REPORTED)
        .orElseThrow(() -> Problem.invalid(field + ".unit", "is not known: " + key));
  }

  private static NormalizedUsage.@Nullable State state(UsageState said) {
    return switch (said) {
      case USAGE_STATE_REPORTED -> NormalizedUsage.State.REPORTED;
      case USAGE_STATE_PARTIAL -> NormalizedUsage.State.PARTIAL;
      case USAGE_STATE_ESTIMATED -> NormalizedUsage.State.ESTIMATED;
      case USAGE_STATE_MISSING -> NormalizedUsage.State.MISSING;
      case USAGE_STATE_UNSPECIFIED, USAGE_STATE_INVALID, USAGE_STATE_VOID, UNRECOGNIZED -> null;
    };
  }
}
