package dev.agentserver.agentrun.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.agentserver.agentrun.Harness;
import dev.agentserver.agentrun.v1.CreatePriceVersionRequest;
import dev.agentserver.agentrun.v1.PriceRate;
import dev.agentserver.agentrun.v1.PriceServiceGrpc;
import dev.agentserver.agentrun.v1.PriceState;
import dev.agentserver.agentrun.v1.PriceVersion;
import dev.agentserver.agentrun.v1.QueryUsageRequest;
import dev.agentserver.agentrun.v1.RecordUsageRequest;
import dev.agentserver.agentrun.v1.RepriceUsageRequest;
import dev.agentserver.agentrun.v1.RepriceUsageResponse;
import dev.agentserver.agentrun.v1.UsageEvent;
import dev.agentserver.agentrun.v1.UsageRecord;
import dev.agentserver.agentrun.v1.UsageServiceGrpc;
import dev.agentserver.agentrun.v1.UsageState;
import dev.agentserver.agentrun.v1.UsageSum;
import dev.agentserver.agentrun.v1.VerifyLedgerRequest;
import dev.agentserver.agentrun.v1.VerifyLedgerResponse;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Prices that come later than the usage, as whoever writes them sees it: by the calls alone, with
/// the price book as it is.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PricesInTimeTest {
  private static final String MODEL = "brand-new";
  private static final String JANUARY = "2026-01-10T12:00:00Z";
  private static final String FEBRUARY = "2026-02-10T12:00:00Z";
  private static final String MARCH = "2026-03-10T12:00:00Z";

  private Harness service;
  private UsageServiceGrpc.UsageServiceBlockingStub usage;
  private PriceServiceGrpc.PriceServiceBlockingStub prices;

  @BeforeAll
  void start() {
    service = Harness.start();
  }

  @BeforeEach
  void tenant() {
    var channel = service.channel(service.caller(UUID.randomUUID(), "TENANT_OWNER"));
    usage = UsageServiceGrpc.newBlockingStub(channel);
    prices = PriceServiceGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void everySumIsThatOfTheLedger() {
    assertThat(verify().getDiscrepanciesList()).isEmpty();
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private static Timestamp at(String time) {
    return Timestamp.newBuilder().setSeconds(Instant.parse(time).getEpochSecond()).build();
  }

  /// A million tokens in and two million out; sent again it is what has become of it.
  private UsageEvent use(String time) {
    return use(time, "{\"prompt_tokens\": 1000000, \"completion_tokens\": 2000000}");
  }

  private UsageEvent use(String time, String raw) {
    var record =
        UsageRecord.newBuilder()
            .setIdempotencyKey(time)
            .setProvider("openai")
            .setModel(MODEL)
            .setRawUsage(raw)
            .setOccurredAt(at(time));
    return usage.recordUsage(RecordUsageRequest.newBuilder().setRecord(record).build());
  }

  private void price(String since, Map<String, String> rates) {
    var version =
        PriceVersion.newBuilder().setProvider("openai").setModel(MODEL).setEffectiveAt(at(since));
    rates.forEach(
        (unit, price) ->
            version.addRates(PriceRate.newBuilder().setUnit(unit).setUnitPrice(price)));
    prices.createPriceVersion(
        CreatePriceVersionRequest.newBuilder().setPriceVersion(version).build());
  }

  private RepriceUsageResponse reprice(boolean dryRun) {
    return usage.repriceUsage(RepriceUsageRequest.newBuilder().setDryRun(dryRun).build());
  }

  private UsageSum sum() {
    return usage.queryUsage(QueryUsageRequest.getDefaultInstance()).getGroups(0).getSum();
  }

  private VerifyLedgerResponse verify() {
    return usage.verifyLedger(VerifyLedgerRequest.getDefaultInstance());
  }

  @Test
  void whatHasNoPriceIsSeenToHaveNoneUntilOneComes() {
    for (var time : new String[] {JANUARY, FEBRUARY, MARCH}) {
      var event = use(time);
      assertThat(event.getPriceState()).isEqualTo(PriceState.PRICE_STATE_UNPRICED);
      assertThat(event.getTotal()).isEmpty();
      assertThat(event.getLinesList()).isEmpty();
      assertThat(event.getQuantitiesList()).hasSize(2);
    }
    assertThat(sum().getUnpricedEvents()).isEqualTo(3);
    assertThat(sum().getInputTokens()).isEqualTo("3000000");
    price("2026-02-01T00:00:00Z", Map.of("input", "3", "output", "4.5"));
    service.priceUsage();
    assertThat(use(JANUARY).getPriceState()).isEqualTo(PriceState.PRICE_STATE_UNPRICED);
    for (var time : new String[] {FEBRUARY, MARCH}) {
      assertThat(use(time).getPriceState()).isEqualTo(PriceState.PRICE_STATE_PRICED);
      assertThat(use(time).getTotal()).isEqualTo("12");
    }
    assertThat(sum().getUnpricedEvents()).isEqualTo(1);
    assertThat(sum().getCost()).isEqualTo("24");
  }

  @Test
  void aBackdatedPriceChangesWhatCameAfterItOnceSomebodyHasSeenByHowMuch() {
    price("2025-01-01T00:00:00Z", Map.of("input", "3", "output", "4.5"));
    var january = use(JANUARY);
    var february = use(FEBRUARY);
    use(MARCH);
    price("2026-03-01T00:00:00Z", Map.of("input", "2", "output", "4"));
    service.priceUsage();
    var before = verify();
    assertThat(before.getCost()).isEqualTo("36");
    var said = reprice(true);
    assertThat(said.getEvents()).isEqualTo(3);
    assertThat(said.getChanged()).isEqualTo(1);
    assertThat(said.getBefore()).isEqualTo("12");
    assertThat(said.getAfter()).isEqualTo("10");
    assertThat(verify()).as("a dry run").isEqualTo(before);
    assertThat(reprice(false)).isEqualTo(said);
    assertThat(reprice(true).getChanged()).isZero();
    assertThat(use(MARCH).getTotal()).isEqualTo("10");
    assertThat(use(JANUARY)).isEqualTo(january.toBuilder().setDuplicate(true).build());
    assertThat(use(FEBRUARY)).isEqualTo(february.toBuilder().setDuplicate(true).build());
    assertThat(sum().getCost()).isEqualTo("34");
  }

  @Test
  void whatTurnsOutToBeFreeOfChargeHasAPriceThen() {
    use(MARCH);
    price("2026-01-01T00:00:00Z", Map.of());
    service.priceUsage();
    var event = use(MARCH);
    assertThat(event.getPriceState()).isEqualTo(PriceState.PRICE_STATE_PRICED);
    assertThat(event.getTotal()).isEqualTo("0");
    assertThat(sum().getUnpricedEvents()).isZero();
    assertThat(reprice(true).getChanged()).isZero();
  }

  @Test
  void whatContradictsItselfIsKeptAndFlaggedAndNeverCharged() {
    var raw =
        """
        {"prompt_tokens":10,"prompt_tokens_details":{"cached_tokens":50},"completion_tokens":1}""";
    use(MARCH, raw);
    price("2026-01-01T00:00:00Z", Map.of("input", "3", "output", "4.5"));
    service.priceUsage();
    assertThat(reprice(false).getChanged()).isZero();
    var event = use(MARCH, raw);
    assertThat(event.getUsageState()).isEqualTo(UsageState.USAGE_STATE_INVALID);
    assertThat(event.getPriceState()).isEqualTo(PriceState.PRICE_STATE_UNPRICED);
    assertThat(event.getTotal()).isEmpty();
    assertThat(event.getWarningsList()).anyMatch(one -> one.startsWith("NEGATIVE_BUCKET"));
    assertThat(sum().getUnpricedEvents()).isEqualTo(1);
  }
}
