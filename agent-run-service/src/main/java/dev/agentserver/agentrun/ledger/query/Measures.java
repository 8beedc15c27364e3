package dev.agentserver.agentrun.ledger.query;

import static dev.agentserver.agentrun.db.Tables.USAGE_FACT;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.inline;

import dev.agentserver.agentrun.ledger.Sum;
import java.math.BigDecimal;
import java.util.List;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;

/// What is added up, and the sum that a row of it is. Nothing adds up to zero.
final class Measures {
  private static final String EVENTS = "events";
  private static final String UNPRICED = "unpriced_events";
  private static final String INPUT = "input_tokens";
  private static final String OUTPUT = "output_tokens";
  private static final String COST = "cost";

  /// The names of the sums, in their order.
  static final List<String> NAMES = List.of(EVENTS, UNPRICED, INPUT, OUTPUT, COST);

  static final List<Field<?>> OF_LEDGER =
      of(
          USAGE_FACT.EVENTS,
          USAGE_FACT.UNPRICED_EVENTS,
          USAGE_FACT.INPUT_TOKENS,
          USAGE_FACT.OUTPUT_TOKENS,
          USAGE_FACT.COST);

  private Measures() {}

  static List<Field<?>> of(
      Field<Long> events,
      Field<Long> unpriced,
      Field<BigDecimal> input,
      Field<BigDecimal> output,
      Field<BigDecimal> cost) {
    return List.of(
        total(events, EVENTS),
        total(unpriced, UNPRICED),
        total(input, INPUT),
        total(output, OUTPUT),
        total(cost, COST));
  }

  private static Field<BigDecimal> total(Field<? extends Number> field, String name) {
    return coalesce(DSL.sum(field), inline(BigDecimal.ZERO)).as(name);
  }

  static Sum sum(Record row) {
    return new Sum(
        row.get(EVENTS, BigDecimal.class).longValueExact(),
        row.get(UNPRICED, BigDecimal.class).longValueExact(),
        row.get(INPUT, BigDecimal.class),
        row.get(OUTPUT, BigDecimal.class),
        row.get(COST, BigDecimal.class));
  }
}
