package dev.agentserver.e2e.ledger;

import com.google.protobuf.Timestamp;
import dev.agentserver.agentrun.v1.CreatePriceVersionRequest;
import dev.agentserver.agentrun.v1.PriceRate;
import dev.agentserver.agentrun.v1.PriceServiceGrpc;
import dev.agentserver.agentrun.v1.PriceVersion;
import dev.agentserver.agentrun.v1.UsageRecord;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.ledger.Books.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Random;

/// What the model of the test costs, and what usage of it comes to: line by line, each rounded
/// once.
final class Price {
  private static final String MODEL = "proof-1";
  private static final String INPUT = "1.2345678901234";
  private static final String CACHED = "0.0123456789012";
  private static final String OUTPUT = "8.7654321";

  private Price() {}

  static void write(User owner) {
    var version =
        PriceVersion.newBuilder()
            .setProvider("openai")
            .setModel(MODEL)
            .setEffectiveAt(Timestamp.newBuilder().setSeconds(1_700_000_000))
            .addRates(PriceRate.newBuilder().setUnit("input").setUnitPrice(INPUT))
            .addRates(PriceRate.newBuilder().setUnit("cache_read").setUnitPrice(CACHED))
            .addRates(PriceRate.newBuilder().setUnit("output").setUnitPrice(OUTPUT));
    var request = CreatePriceVersionRequest.newBuilder().setPriceVersion(version).build();
    owner.grpc().call(PriceServiceGrpc.getCreatePriceVersionMethod(), request);
  }

  /// Usage of some tokens, as the provider tells it: of less than a thousandth of a dollar.
  static Usage usage(String user, String key, String hold, Random random) {
    var input = random.nextInt(300);
    var cached = random.nextInt(300);
    var output = 1 + random.nextInt(60);
    var record =
        UsageRecord.newBuilder()
            .setIdempotencyKey(key)
            .setProvider("openai")
            .setModel(MODEL)
            .setHoldId(hold)
            .setRawUsage(
                """
                {"prompt_tokens": %d, "completion_tokens": %d, "total_tokens": %d,
                 "prompt_tokens_details": {"cached_tokens": %d}}"""
                    .formatted(input + cached, output, input + cached + output, cached))
            .build();
    return new Usage(
        record, user, cost(input, INPUT).add(cost(cached, CACHED)).add(cost(output, OUTPUT)));
  }

  private static BigDecimal cost(int tokens, String million) {
    return new BigDecimal(million)
        .multiply(BigDecimal.valueOf(tokens))
        .movePointLeft(6)
        .setScale(12, RoundingMode.HALF_EVEN);
  }
}
