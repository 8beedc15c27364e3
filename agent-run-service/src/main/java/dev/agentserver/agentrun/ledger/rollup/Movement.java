package dev.agentserver.agentrun.ledger.rollup;

import dev.agentserver.agentrun.ledger.Attribution;
import dev.agentserver.agentrun.ledger.Line;
import dev.agentserver.agentrun.ledger.Sum;
import dev.agentserver.agentrun.ledger.UsageEvent;
import dev.agentserver.agentrun.price.Priced;
import dev.agentserver.agentrun.usage.Unit.Side;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Something that is added to every sum that it belongs to.
///
/// @param model the one that the tokens and the cost are of; an event counts at the one called
public record Movement(
    Attribution who, Instant occurredAt, String provider, String model, Sum sum) {
  /// What an event brings.
  public static List<Movement> of(UsageEvent event) {
    var movements = new ArrayList<Movement>();
    var unpriced = event.cost().state() == Priced.State.UNPRICED ? 1 : 0;
    var once = new Sum(1, unpriced, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);
    movements.add(of(event, event.model(), once));
    for (var reading : event.readings()) {
      var tokens =
          new Sum(0, 0, reading.tokens(Side.INPUT), reading.tokens(Side.OUTPUT), BigDecimal.ZERO);
      movements.add(of(event, reading.model(), tokens));
    }
    movements.addAll(of(event, event.lines()));
    return movements;
  }

  /// What further lines of an event bring.
  public static List<Movement> of(UsageEvent event, List<Line> lines) {
    return lines.stream()
        .map(line -> of(event, line.price().model(), Sum.ofCost(line.price().cost())))
        .toList();
  }

  /// Something of an event.
  public static Movement of(UsageEvent event, String model, Sum sum) {
    return new Movement(event.who(), event.occurredAt(), event.provider(), model, sum);
  }

  /// The same of nobody in particular.
  public Movement withoutUser() {
    return new Movement(who.withoutUser(), occurredAt, provider, model, sum);
  }

  /// What takes this one back.
  public Movement negated() {
    return new Movement(who, occurredAt, provider, model, sum.negated());
  }
}
