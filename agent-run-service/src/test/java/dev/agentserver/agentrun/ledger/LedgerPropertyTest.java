package dev.agentserver.agentrun.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.agentserver.agentrun.ledger.LedgerHarness.Person;
import dev.agentserver.agentrun.ledger.NaiveLedger.Fact;
import dev.agentserver.agentrun.usage.Unit;
import dev.agentserver.agentrun.usage.Unit.Side;
import dev.agentserver.agentrun.usage.normalize.Flavor;
import dev.agentserver.agentrun.v1.BatchRecordUsageRequest;
import dev.agentserver.agentrun.v1.CorrectUsageRequest;
import dev.agentserver.agentrun.v1.RepriceUsageRequest;
import dev.agentserver.agentrun.v1.UsageEvent;
import dev.agentserver.agentrun.v1.UsageLine;
import dev.agentserver.agentrun.v1.UsageQuantity;
import dev.agentserver.agentrun.v1.UsageRecord;
import dev.agentserver.kit.identity.RunScope;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Random usage of every flavour, each told twice, in any order, by many at once, some of it by
/// workers who have lost their lease, while prices come and change, others reprice, and some of it
/// is corrected or turns out to be nothing: afterwards the ledger, every sum and every answer are
/// what a naive model says.
///
/// `-Dledger.usages=3000` is the long form; `-Dledger.seed` repeats a run, and fewer usages of the
/// same seed are the first of the same ones.
class LedgerPropertyTest {
  private static final int USAGES = Integer.getInteger("ledger.usages", 120);
  private static final long SEED = Long.getLong("ledger.seed", System.nanoTime());
  private static final int BATCH = 20;
  private static final List<String> MODELS = List.of("m1", "m2", "late");

  /// Around both changes of summer time, of an hour and of half an hour.
  private static final List<Instant> TIMES =
      Stream.of(
              "2025-04-05T15:00:00Z",
              "2025-10-04T15:30:00Z",
              "2025-03-09T07:00:00Z",
              "2025-11-02T06:00:00Z",
              "2025-03-30T01:00:00Z",
              "2025-12-31T18:15:00Z")
          .map(Instant::parse)
          .toList();

  private static final List<String> ZONES =
      List.of(
          "",
          "Asia/Kathmandu",
          "Australia/Lord_Howe",
          "America/New_York",
          "Europe/Berlin",
          "Pacific/Chatham");

  /// Usage as it is told.
  ///
  /// @param correction what it turns out to be, empty for nothing at all; null: what it was told as
  private record Told(
      UsageRecord record,
      Person teller,
      Flavor flavor,
      Flavor.Used used,
      @Nullable Optional<Flavor.Used> correction) {
    long total() {
      return correction == null ? flavor.total(used) : correction.map(flavor::total).orElse(0);
    }
  }

  private final Random random = new Random(SEED);
  private final Map<String, BigDecimal> prices = new HashMap<>();
  private LedgerHarness service;
  private Person owner;
  private Person alice;
  private Person fenced;

  @BeforeEach
  void start() {
    System.out.printf("seed %d: %d usages%n", SEED, USAGES);
    service = new LedgerHarness();
    var tenant = UUID.randomUUID();
    owner = service.person(tenant, "TENANT_OWNER");
    alice = service.person(tenant, "MEMBER");
    var run = service.run(alice, null);
    fenced = service.person(alice.caller().within(new RunScope(run, null, null, 1), List.of()));
    service.sql("update run set lease_epoch = 2 where run_id = '" + run + "'");
    price("m1");
    price("m2");
  }

  @AfterEach
  void stop() {
    service.close();
  }

  /// Other prices of all units of a model.
  private synchronized void price(String model) {
    for (var unit : Unit.values()) {
      if (unit.side() != Side.OTHER) {
        var price = BigDecimal.valueOf(random.nextLong(1, 1_000_000_000_000_000L), 14);
        prices.put(model + " " + unit.key(), price);
        service.prices().set(model, unit, price.toPlainString());
      }
    }
  }

  @Test
  void theLedgerIsWhatANaiveModelSaysWhateverHappensInWhateverOrder() throws Exception {
    var told = new ArrayList<Told>();
    for (var n = 0; n < USAGES; n++) {
      told.add(tell(n));
    }
    happen(told);
    price("late");
    settle();
    var events = events(told);
    var model = new NaiveLedger();
    for (var one : told) {
      var event = events.get(one.record().getIdempotencyKey());
      model.add(fact(one, event));
    }
    var verified = owner.verify();
    assertThat(verified.getDiscrepanciesList()).isEmpty();
    assertThat(verified.getEvents()).isEqualTo(USAGES);
    assertThat(new BigDecimal(verified.getCost())).isEqualByComparingTo(model.cost());
    for (var zone : ZONES) {
      model.check(owner, zone, "DAY", "MODEL");
      model.check(owner, zone, "DAY", "USER");
      model.check(owner, zone, "DAY", "AGENT", "PROVIDER");
      model.check(owner, zone, "HOUR");
    }
    model.check(owner, "", "USER");
    model.check(owner, "");
  }

  private Told tell(int number) {
    var flavor = pick(List.of(Flavor.values()));
    var used = Flavor.Used.random(random);
    var late = random.nextInt(6) == 0;
    var at =
        pick(TIMES)
            .plus(random.nextInt(72 * 60) - 36 * 60, ChronoUnit.MINUTES)
            .plusNanos(random.nextInt(1_000_000) * 1_000L);
    var record =
        UsageRecord.newBuilder()
            .setIdempotencyKey("u" + number)
            .setProvider(flavor.provider())
            .setFlavor(flavor.api())
            .setModel(pick(MODELS))
            .setRawUsage(flavor.report(used))
            .setOccurredAt(
                Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()));
    if (!late) {
      record
          .setUserId(pick(List.of(alice, owner)).id().toString())
          .setAgentId(pick(List.of("", new UUID(1, 1).toString(), new UUID(2, 2).toString())));
    }
    return new Told(record.build(), late ? fenced : owner, flavor, used, correction());
  }

  private @Nullable Optional<Flavor.Used> correction() {
    return switch (random.nextInt(12)) {
      case 0 -> Optional.empty();
      case 1, 2 -> Optional.of(Flavor.Used.random(random));
      default -> null;
    };
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  /// Everything is told twice, at any place, while prices change and others reprice.
  private void happen(List<Told> told) throws Exception {
    var twice = new ArrayList<>(told);
    twice.addAll(told);
    Collections.shuffle(twice, random);
    var work = new ArrayList<Callable<Boolean>>();
    for (var teller : List.of(owner, fenced)) {
      var its = twice.stream().filter(one -> one.teller() == teller).toList();
      for (var from = 0; from < its.size(); from += BATCH) {
        var some = its.subList(from, Math.min(from + BATCH, its.size()));
        work.add(() -> !send(some).isEmpty());
      }
    }
    for (var one : told) {
      if (one.correction() != null) {
        work.add(() -> correct(one));
      }
    }
    for (var n = 0; n < 4; n++) {
      var model = "m" + (1 + n % 2);
      work.add(
          () -> {
            price(model);
            return reprice() >= 0;
          });
    }
    Collections.shuffle(work, random);
    try (var threads = Executors.newFixedThreadPool(6)) {
      for (var done : threads.invokeAll(work)) {
        done.get();
      }
    }
  }

  /// Told before, perhaps for the first time.
  private boolean correct(Told told) {
    var request =
        CorrectUsageRequest.newBuilder()
            .setEventId(send(List.of(told)).getFirst().getId())
            .setReason("as the invoice has it");
    told.correction()
        .ifPresentOrElse(
            used -> request.setRawUsage(told.flavor().report(used)), () -> request.setVoided(true));
    while (!corrected(request.build())) {}
    return true;
  }

  /// Not when somebody else changed the usage meanwhile.
  private boolean corrected(CorrectUsageRequest request) {
    try {
      owner.usage().correctUsage(request);
      return true;
    } catch (StatusRuntimeException busy) {
      assertThat(busy.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
      return false;
    }
  }

  private List<UsageEvent> send(List<Told> some) {
    var request = BatchRecordUsageRequest.newBuilder();
    some.forEach(one -> request.addRecords(one.record()));
    return some
        .getFirst()
        .teller()
        .usage()
        .batchRecordUsage(request.build())
        .getResultsList()
        .stream()
        .map(
            result -> {
              assertThat(result.getErrorReason()).as(result.getErrorMessage()).isEmpty();
              return result.getEvent();
            })
        .toList();
  }

  /// Until nothing changes any more.
  private void settle() {
    service.price();
    while (reprice() > 0) {}
  }

  private int reprice() {
    var changed = 0;
    var request = RepriceUsageRequest.newBuilder();
    do {
      var reply = owner.usage().repriceUsage(request.build());
      changed += reply.getChanged();
      request.setPageToken(reply.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    return changed;
  }

  /// All of them, told once more.
  private Map<String, UsageEvent> events(List<Told> told) {
    var events = new HashMap<String, UsageEvent>();
    for (var teller : List.of(owner, fenced)) {
      var its = told.stream().filter(one -> one.teller() == teller).toList();
      for (var from = 0; from < its.size(); from += BATCH) {
        for (var event : send(its.subList(from, Math.min(from + BATCH, its.size())))) {
          assertThat(event.getDuplicate()).isTrue();
          events.put(event.getIdempotencyKey(), event);
        }
      }
    }
    return events;
  }

  private Fact fact(Told told, UsageEvent event) {
    var as = told.record().toString();
    var input = side(event, Side.INPUT);
    var output = side(event, Side.OUTPUT);
    assertThat(input.add(output)).as(as).isEqualByComparingTo(BigDecimal.valueOf(told.total()));
    assertThat(event.getLate()).as(as).isEqualTo(told.teller() == fenced);
    var cost = cost(event.getQuantitiesList());
    assertThat(new BigDecimal(event.getTotal())).as(as).isEqualByComparingTo(cost);
    assertLines(event);
    var keys = new HashMap<String, String>();
    keys.put("MODEL", told.record().getModel());
    keys.put("PROVIDER", told.record().getProvider());
    keys.put("USER", told.teller() == fenced ? alice.id().toString() : told.record().getUserId());
    keys.put("AGENT", told.record().getAgentId());
    var at = told.record().getOccurredAt();
    return new Fact(
        Instant.ofEpochSecond(at.getSeconds(), at.getNanos()), keys, input, output, cost);
  }

  private static BigDecimal side(UsageEvent event, Side side) {
    var sum = BigDecimal.ZERO;
    for (var quantity : event.getQuantitiesList()) {
      var amount = new BigDecimal(quantity.getQuantity());
      assertThat(amount).isPositive();
      if (Unit.of(quantity.getUnit()).orElseThrow().side() == side) {
        sum = sum.add(amount);
      }
    }
    return sum;
  }

  private BigDecimal cost(List<UsageQuantity> quantities) {
    var cost = BigDecimal.ZERO;
    for (var one : quantities) {
      cost =
          cost.add(
              new BigDecimal(one.getQuantity())
                  .multiply(prices.get(one.getModel() + " " + one.getUnit()))
                  .movePointLeft(6)
                  .setScale(12, RoundingMode.HALF_EVEN));
    }
    return cost;
  }

  /// Every line that was taken back is so to the last digit; what stands is not negative; all of
  /// them are the total.
  private static void assertLines(UsageEvent event) {
    var sum = BigDecimal.ZERO;
    var lines = new HashMap<Integer, UsageLine>();
    for (var line : event.getLinesList()) {
      lines.put(line.getNumber(), line);
      var cost = new BigDecimal(line.getCost());
      sum = sum.add(cost);
      if (line.getReverses() == 0) {
        assertThat(cost).isNotNegative();
      } else {
        var reversed = lines.get(line.getReverses());
        assertThat(cost).isEqualByComparingTo(new BigDecimal(reversed.getCost()).negate());
        assertThat(line.getUnit()).isEqualTo(reversed.getUnit());
      }
    }
    assertThat(sum).isEqualByComparingTo(new BigDecimal(event.getTotal()));
  }
}
