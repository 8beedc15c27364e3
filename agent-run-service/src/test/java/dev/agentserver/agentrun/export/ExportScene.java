package dev.agentserver.agentrun.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.agentserver.agentrun.Harness;
import dev.agentserver.agentrun.v1.BatchRecordUsageRequest;
import dev.agentserver.agentrun.v1.CreatePriceVersionRequest;
import dev.agentserver.agentrun.v1.PriceRate;
import dev.agentserver.agentrun.v1.PriceServiceGrpc;
import dev.agentserver.agentrun.v1.PriceVersion;
import dev.agentserver.agentrun.v1.RepriceUsageRequest;
import dev.agentserver.agentrun.v1.UsageQuantity;
import dev.agentserver.agentrun.v1.UsageRecord;
import dev.agentserver.agentrun.v1.UsageServiceGrpc;
import dev.agentserver.agentrun.v1.UsageServiceGrpc.UsageServiceBlockingStub;
import dev.agentserver.kit.identity.Caller;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/// A tenant with usage of every kind: of several models in one call, with a cost that a router
/// told, without a price, with one that came later, with one that was changed later, of models
/// whose names were made to do harm, around both changes of summer time.
record ExportScene(Harness service, Caller owner, Caller alice, UUID agent) {
  static final int EVENTS = 600; // more than a page
  static final String FORMULA = "=HYPERLINK(\"http://evil\")";
  static final String ODD = "-2+3, \"x\"\r\ny\u00fc";

  private static final List<String> TIMES =
      List.of(
          "2025-04-05T15:00:00Z",
          "2025-10-04T15:30:00Z",
          "2025-10-26T01:00:00Z",
          "2025-11-30T18:00:00Z");

  private static final String ITERATIONS =
      """
      {"input_tokens": 30, "output_tokens": 7, "iterations": [
        {"type": "message", "model": "claude-haiku-4-5", "input_tokens": 10, "output_tokens": 2},
        {"type": "message", "model": "claude-sonnet-4-5", "input_tokens": 20, "output_tokens": 5}]}""";

  static ExportScene open(Harness service) {
    service.loadPrices();
    var tenant = UUID.randomUUID();
    var scene =
        new ExportScene(
            service,
            service.caller(tenant, "TENANT_OWNER"),
            service.caller(tenant, "MEMBER"),
            UUID.randomUUID());
    scene.record();
    scene.price("acme", FORMULA, "3.3333333", "7");
    scene.price("openai", "gpt-4.1", "2.5", "9.99");
    scene.reprice();
    return scene;
  }

  UsageServiceBlockingStub usage(Caller caller) {
    return UsageServiceGrpc.newBlockingStub(service.channel(caller));
  }

  private void record() {
    var random = new Random(20_251_121L);
    var records = new ArrayList<UsageRecord>();
    for (var n = 0; n < EVENTS; n++) {
      records.add(record(n, random));
    }
    for (var from = 0; from < EVENTS; from += 100) {
      var batch =
          BatchRecordUsageRequest.newBuilder().addAllRecords(records.subList(from, from + 100));
      assertThat(usage(owner).batchRecordUsage(batch.build()).getResultsList())
          .allSatisfy(result -> assertThat(result.getErrorMessage()).isEmpty());
    }
  }

  private UsageRecord record(int n, Random random) {
    var at =
        Instant.parse(TIMES.get(random.nextInt(TIMES.size())))
            .plus(random.nextInt(48 * 60) - 24 * 60, ChronoUnit.MINUTES)
            .plusNanos(random.nextInt(1_000_000) * 1_000L);
    var record =
        UsageRecord.newBuilder()
            .setIdempotencyKey("e" + n)
            .setOccurredAt(
                Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()))
            .setUserId((random.nextBoolean() ? alice : owner).principalId().toString())
            .setAgentId(random.nextBoolean() ? agent.toString() : "");
    switch (random.nextInt(5)) {
      case 0 ->
          record.setProvider("anthropic").setModel("claude-sonnet-4-5").setRawUsage(ITERATIONS);
      case 1 ->
          record
              .setProvider("openrouter")
              .setModel("meta-llama/llama-9")
              .setRawUsage(
                  """
                  {"prompt_tokens": 5, "completion_tokens": 6, "total_tokens": 11, "cost": 0.0123456789}""");
      case 2 -> quantities(record.setProvider("acme").setModel(FORMULA), random);
      case 3 -> quantities(record.setProvider("acme").setModel(ODD).setStepKey("@step"), random);
      default -> {
        record.setTier(random.nextBoolean() ? "flex" : "").setRegion("");
        quantities(record.setProvider("openai").setModel("gpt-4.1"), random);
      }
    }
    return record.build();
  }

  private static void quantities(UsageRecord.Builder record, Random random) {
    for (var unit : List.of("input", "output", "cache_read")) {
      var quantity = Integer.toString(random.nextInt(100_000));
      record.addQuantities(UsageQuantity.newBuilder().setUnit(unit).setQuantity(quantity));
    }
  }

  private void price(String provider, String model, String input, String output) {
    var version =
        PriceVersion.newBuilder()
            .setProvider(provider)
            .setModel(model)
            .setEffectiveAt(Timestamp.newBuilder().setSeconds(1_700_000_000))
            .addRates(rate("input", input))
            .addRates(rate("output", output));
    PriceServiceGrpc.newBlockingStub(service.channel(owner))
        .createPriceVersion(
            CreatePriceVersionRequest.newBuilder().setPriceVersion(version).build());
  }

  private static PriceRate rate(String unit, String price) {
    return PriceRate.newBuilder().setUnit(unit).setUnitPrice(price).build();
  }

  private void reprice() {
    var request = RepriceUsageRequest.newBuilder();
    do {
      var reply = usage(owner).repriceUsage(request.build());
      assertThat(reply.getChanged()).isPositive();
      request.setPageToken(reply.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
  }
}
