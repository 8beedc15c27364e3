package dev.agentserver.agentrun.ledger;

import static dev.agentserver.agentrun.text.ProtoText.orEmpty;
import static dev.agentserver.agentrun.text.ProtoText.timestamp;

import dev.agentserver.agentrun.ledger.record.Corrector;
import dev.agentserver.agentrun.usage.Reading;
import dev.agentserver.agentrun.v1.CorrectUsageResponse;
import dev.agentserver.agentrun.v1.PriceState;
import dev.agentserver.agentrun.v1.UsageLine;
import dev.agentserver.agentrun.v1.UsageQuantity;
import dev.agentserver.agentrun.v1.UsageState;
import dev.agentserver.agentrun.v1.UsageSum;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Between the contract of usage and ours.
public final class UsageProto {
  private UsageProto() {}

  /// @param duplicate whether the usage was there before
  public static dev.agentserver.agentrun.v1.UsageEvent toProto(
      UsageEvent event, boolean duplicate) {
    var who = event.who();
    return dev.agentserver.agentrun.v1.UsageEvent.newBuilder()
        .setId(event.id().toString())
        .setIdempotencyKey(event.key())
        .setProvider(event.provider())
        .setModel(event.model())
        .setUsageState(UsageState.valueOf("USAGE_STATE_" + event.state().name()))
        .setPriceState(PriceState.valueOf("PRICE_STATE_" + event.cost().state().name()))
        .setTotal(decimal(event.cost().total()))
        .setReportedCost(decimal(event.cost().reported()))
        .setVariance(decimal(event.cost().variance()))
        .addAllQuantities(event.readings().stream().flatMap(UsageProto::quantities).toList())
        .addAllLines(lines(event.lines()))
        .addAllWarnings(event.warnings())
        .setLate(event.late())
        .setOverHold(event.overHold())
        .setDuplicate(duplicate)
        .setRunId(orEmpty(who.runId()))
        .setSessionId(orEmpty(who.sessionId()))
        .setConversationId(orEmpty(who.conversationId()))
        .setProjectId(orEmpty(who.projectId()))
        .setMessageId(orEmpty(who.messageId()))
        .setAgentId(orEmpty(who.agentId()))
        .setUserId(orEmpty(who.userId()))
        .setOccurredAt(timestamp(event.occurredAt()))
        .setRecordedAt(timestamp(event.recordedAt()))
        .build();
  }

  private static Stream<UsageQuantity> quantities(Reading reading) {
    return reading.quantities().entrySet().stream()
        .map(
            entry ->
                UsageQuantity.newBuilder()
                    .setModel(reading.model())
                    .setUnit(entry.getKey().key())
                    .setQuantity(decimal(entry.getValue()))
                    .build());
  }

  /// Lines of the ledger.
  public static List<UsageLine> lines(List<Line> lines) {
    return lines.stream().map(UsageProto::line).toList();
  }

  private static UsageLine line(Line line) {
    var price = line.price();
    return UsageLine.newBuilder()
        .setNumber(line.number())
        .setKind(UsageLine.Kind.valueOf("KIND_" + line.kind().name()))
        .setReverses(line.reverses())
        .setModel(price.model())
        .setUnit(price.unit().key())
        .setQuantity(decimal(price.quantity()))
        .setUnitPrice(decimal(price.unitPrice()))
        .setPer(decimal(price.per()))
        .setCost(decimal(price.cost()))
        .setPriceVersionId(orEmpty(price.versionId()))
        .build();
  }

  public static CorrectUsageResponse toProto(Corrector.Corrected corrected) {
    return CorrectUsageResponse.newBuilder()
        .setEvent(toProto(corrected.event(), false))
        .setBefore(decimal(corrected.before()))
        .setAfter(decimal(corrected.event().cost().total()))
        .build();
  }

  public static UsageSum toProto(Sum sum) {
    return UsageSum.newBuilder()
        .setEvents(sum.events())
        .setUnpricedEvents(sum.unpriced())
        .setInputTokens(decimal(sum.inputTokens()))
        .setOutputTokens(decimal(sum.outputTokens()))
        .setCost(decimal(sum.cost()))
        .build();
  }

  /// Exact, and the same for the same number: no exponent, no zeros at the end. Empty: there is
  /// none.
  public static String decimal(@Nullable BigDecimal number) {
    return number == null ? "" : number.stripTrailingZeros().toPlainString();
  }
}
