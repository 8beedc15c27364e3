package dev.agentserver.agentrun.price;

import dev.agentserver.agentrun.text.ProtoText;
import dev.agentserver.agentrun.usage.Reading;
import dev.agentserver.agentrun.usage.Unit;
import dev.agentserver.agentrun.usage.Warning;
import dev.agentserver.agentrun.v1.Cost;
import dev.agentserver.agentrun.v1.CostLine;
import dev.agentserver.agentrun.v1.NormalizedUsage;
import dev.agentserver.agentrun.v1.UnpricedUnit;
import dev.agentserver.agentrun.v1.UsageReading;
import dev.agentserver.agentrun.v1.UsageWarning;
import dev.agentserver.kit.problem.Problem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Usage and costs between the contract and the domain.
public final class CostProto {
  private CostProto() {}

  /// @param field the list's name in the request
  /// @param model of those that name none
  public static List<Reading> readings(String field, List<UsageReading> given, String model) {
    var readings = new ArrayList<Reading>();
    for (var i = 0; i < given.size(); i++) {
      var reading = given.get(i);
      var place = field + "[" + i + "].quantities";
      var quantities = new EnumMap<Unit, BigDecimal>(Unit.class);
      reading
          .getQuantitiesMap()
          .forEach((key, quantity) -> quantities.put(unit(place, key), new BigDecimal(quantity)));
      readings.add(
          new Reading(
              reading.getModel().isEmpty() ? model : ProtoText.clean(reading.getModel()),
              quantities));
    }
    return readings;
  }

  private static Unit unit(String place, String key) {
    return Unit.of(key)
        .filter(unit -> unit != Unit.PROVIDER_REPORTED)
        .orElseThrow(() -> Problem.invalid(place, key + " is not a unit"));
  }

  public static NormalizedUsage toProto(dev.agentserver.agentrun.usage.NormalizedUsage usage) {
    var conditions = usage.conditions();
    return NormalizedUsage.newBuilder()
        .setProvider(usage.provider())
        .setState(NormalizedUsage.State.valueOf("STATE_" + usage.state().name()))
        .addAllReadings(usage.readings().stream().map(CostProto::reading).toList())
        .setReportedCost(decimal(usage.reportedCost()))
        .setTier(conditions.tier())
        .setBatch(conditions.batch())
        .setRegion(conditions.region())
        .addAllWarnings(usage.warnings().stream().map(CostProto::warning).toList())
        .build();
  }

  private static UsageReading reading(Reading reading) {
    var proto = UsageReading.newBuilder().setModel(reading.model());
    reading
        .quantities()
        .forEach((unit, quantity) -> proto.putQuantities(unit.key(), decimal(quantity)));
    return proto.build();
  }

  private static UsageWarning warning(Warning warning) {
    return UsageWarning.newBuilder()
        .setCode(UsageWarning.Code.valueOf("CODE_" + warning.code().name()))
        .setField(warning.field())
        .setMessage(warning.message())
        .build();
  }

  public static Cost toProto(Priced priced) {
    return Cost.newBuilder()
        .setState(Cost.State.valueOf("STATE_" + priced.state().name()))
        .setTotal(decimal(priced.total()))
        .setComputed(decimal(priced.computed()))
        .addAllLines(priced.lines().stream().map(CostProto::line).toList())
        .addAllUnpriced(
            priced.missing().stream()
                .map(
                    each ->
                        UnpricedUnit.newBuilder()
                            .setModel(each.model())
                            .setUnit(each.unit().key())
                            .build())
                .toList())
        .build();
  }

  private static CostLine line(PriceLine line) {
    return CostLine.newBuilder()
        .setModel(line.model())
        .setUnit(line.unit().key())
        .setQuantity(decimal(line.quantity()))
        .setUnitPrice(decimal(line.unitPrice()))
        .setPer(decimal(line.per()))
        .setCost(decimal(line.cost()))
        .setPriceVersionId(ProtoText.orEmpty(line.versionId()))
        .build();
  }

  /// Without zeros at the end, and never with an exponent.
  private static String decimal(@Nullable BigDecimal number) {
    return number == null ? "" : number.stripTrailingZeros().toPlainString();
  }
}
