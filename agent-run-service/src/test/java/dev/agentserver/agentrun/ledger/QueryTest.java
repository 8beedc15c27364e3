package dev.agentserver.agentrun.ledger;

import static dev.agentserver.agentrun.ledger.LedgerHarness.MODEL;
import static dev.agentserver.agentrun.ledger.LedgerHarness.record;
import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.agentserver.agentrun.ledger.LedgerHarness.Person;
import dev.agentserver.agentrun.usage.Unit;
import dev.agentserver.agentrun.v1.BatchRecordUsageRequest;
import dev.agentserver.agentrun.v1.QueryUsageRequest;
import dev.agentserver.agentrun.v1.QueryUsageResponse.Source;
import dev.agentserver.agentrun.v1.UsageDimension;
import dev.agentserver.agentrun.v1.UsageEvent;
import dev.agentserver.agentrun.v1.UsageSum;
import io.grpc.Status.Code;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Random usage, by many at once, in any order and more than once: whatever is asked, in whatever
/// time zone, the answer is the sum of the events that were answered.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueryTest {
  private static final int EVENTS = Integer.getInteger("ledger.events", 400);
  private static final long SEED = Long.getLong("ledger.seed", 20_251_121L);

  /// Around both changes of summer time, of half an hour and of one.
  private static final List<Instant> CHANGES =
      Stream.of(
              "2025-04-05T15:00:00Z",
              "2025-10-04T15:30:00Z",
              "2025-03-09T07:00:00Z",
              "2025-11-02T06:00:00Z",
              "2025-07-01T00:00:00Z")
          .map(Instant::parse)
          .toList();

  private static final List<String> ZONES =
      List.of("", "Asia/Kathmandu", "Australia/Lord_Howe", "America/New_York", "Pacific/Apia");

  private final Map<String, UsageEvent> events = new HashMap<>();

  /// Those of the records, by their keys: replies do not tell them.
  private final Map<String, String> tiers = new HashMap<>();

  private LedgerHarness service;
  private Person owner;
  private Person alice;

  @BeforeAll
  void write() throws Exception {
    service = new LedgerHarness();
    service.prices().set("m2", Unit.INPUT, "0.0123456789012").set("m2", Unit.OUTPUT, "1.5");
    var tenant = UUID.randomUUID();
    owner = service.person(tenant, "TENANT_OWNER");
    alice = service.person(tenant, "MEMBER");
    var requests = requests(new Random(SEED));
    try (var writers = Executors.newFixedThreadPool(4)) {
      var work =
          requests.stream()
              .<Callable<List<UsageEvent>>>map(request -> () -> send(request))
              .toList();
      for (var done : writers.invokeAll(work)) {
        done.get().forEach(event -> events.put(event.getIdempotencyKey(), event));
      }
    }
  }

  private List<UsageEvent> send(BatchRecordUsageRequest request) {
    return owner.usage().batchRecordUsage(request).getResultsList().stream()
        .map(
            result -> {
              assertThat(result.getErrorReason()).isEmpty();
              return result.getEvent();
            })
        .toList();
  }

  /// Each record is in two of them, at any place.
  private List<BatchRecordUsageRequest> requests(Random random) {
    var users = List.of(alice.id(), owner.id(), UUID.randomUUID());
    var agents = List.of("", UUID.randomUUID().toString(), UUID.randomUUID().toString());
    var conversations = List.of("", service.conversation().toString());
    var models = List.of(MODEL, "m2", "unknown");
    var records = new ArrayList<dev.agentserver.agentrun.v1.UsageRecord>();
    for (var n = 0; n < EVENTS; n++) {
      var at =
          pick(random, CHANGES)
              .plus(random.nextInt(72 * 60) - 36 * 60, ChronoUnit.MINUTES)
              .plusNanos(random.nextInt(1_000_000) * 1_000L);
      records.add(
          record("e" + n, random.nextInt(1_000_000), random.nextInt(1_000))
              .setModel(pick(random, models))
              .setUserId(pick(random, users).toString())
              .setAgentId(pick(random, agents))
              .setConversationId(pick(random, conversations))
              .setTier(pick(random, List.of("", "flex")))
              .setOccurredAt(
                  Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()))
              .build());
      tiers.put("e" + n, records.getLast().getTier());
    }
    var twice = new ArrayList<>(records);
    twice.addAll(records);
    Collections.shuffle(twice, random);
    var requests = new ArrayList<BatchRecordUsageRequest>();
    for (var from = 0; from < twice.size(); from += 20) {
      requests.add(
          BatchRecordUsageRequest.newBuilder()
              .addAllRecords(twice.subList(from, Math.min(from + 20, twice.size())))
              .build());
    }
    return requests;
  }

  private static <T> T pick(Random random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void everySumIsThatOfTheLedger() {
    var reply = owner.verify();
    assertThat(reply.getDiscrepanciesList()).isEmpty();
    assertThat(reply.getEvents()).isEqualTo(EVENTS);
    assertThat(reply.getCost()).isEqualTo(UsageProto.decimal(total(events.values().stream())));
  }

  private static BigDecimal total(Stream<UsageEvent> events) {
    return events
        .map(UsageEvent::getTotal)
        .filter(total -> !total.isEmpty())
        .map(BigDecimal::new)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  @Test
  void whateverIsAskedInWhateverZoneIsTheSumOfItsEvents() {
    for (var zone : ZONES) {
      var utc = zone.isEmpty();
      check(zone, utc ? Source.SOURCE_DAY_MODEL : Source.SOURCE_QUARTER_MODEL, "MODEL", "DAY");
      check(zone, Source.SOURCE_QUARTER_MODEL, "HOUR", "PROVIDER");
      check(zone, utc ? Source.SOURCE_DAY_USER : Source.SOURCE_LEDGER, "USER", "DAY");
      check(zone, utc ? Source.SOURCE_DAY_AGENT_MODEL : Source.SOURCE_LEDGER, "AGENT", "DAY");
      check(zone, Source.SOURCE_LEDGER, "HOUR", "USER");
      check(zone, Source.SOURCE_LEDGER, "CONVERSATION", "TIER", "DAY");
    }
    check("", Source.SOURCE_MONTH_USER, "USER");
    check("", Source.SOURCE_DAY_MODEL);
    check("", Source.SOURCE_LEDGER, "PROJECT", "SESSION");
  }

  private void check(String zone, Source source, String... dimensions) {
    var asked = Stream.of(dimensions).map(name -> "USAGE_DIMENSION_" + name).toList();
    var request =
        QueryUsageRequest.newBuilder()
            .setTimeZone(zone)
            .addAllGroupBy(asked.stream().map(UsageDimension::valueOf).toList());
    var expected = new TreeMap<String, UsageSum>();
    for (var event : events.values()) {
      expected.merge(key(event, zone, dimensions), sum(event), QueryTest::plus);
    }
    assertThat(pages(request, source)).as(zone + " " + List.of(dimensions)).isEqualTo(expected);
  }

  private Map<String, UsageSum> pages(QueryUsageRequest.Builder request, Source source) {
    var actual = new TreeMap<String, UsageSum>();
    do {
      var reply = owner.usage().queryUsage(request.build());
      assertThat(reply.getSource()).as(request.toString()).isEqualTo(source);
      reply
          .getGroupsList()
          .forEach(
              group ->
                  assertThat(actual.put(group.getKeysList().toString(), group.getSum())).isNull());
      request.setPageToken(reply.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    return actual;
  }

  private String key(UsageEvent event, String zone, String... dimensions) {
    var at =
        Instant.ofEpochSecond(event.getOccurredAt().getSeconds(), event.getOccurredAt().getNanos())
            .atZone(ZoneId.of(zone.isEmpty() ? "UTC" : zone));
    return Stream.of(dimensions)
        .map(
            dimension ->
                switch (dimension) {
                  case "MODEL" -> event.getModel();
                  case "PROVIDER" -> event.getProvider();
                  case "USER" -> event.getUserId();
                  case "AGENT" -> event.getAgentId();
                  case "CONVERSATION" -> event.getConversationId();
                  case "PROJECT" -> event.getProjectId();
                  case "SESSION" -> event.getSessionId();
                  case "TIER" -> tiers.get(event.getIdempotencyKey());
                  case "DAY" -> LocalDate.from(at).toString();
                  case "HOUR" ->
                      at.toOffsetDateTime().truncatedTo(ChronoUnit.HOURS).toInstant().toString();
                  default -> throw new AssertionError(dimension);
                })
        .toList()
        .toString();
  }

  private static UsageSum sum(UsageEvent event) {
    return UsageSum.newBuilder()
        .setEvents(1)
        .setUnpricedEvents(event.getTotal().isEmpty() ? 1 : 0)
        .setInputTokens(tokens(event, Unit.INPUT))
        .setOutputTokens(tokens(event, Unit.OUTPUT))
        .setCost(event.getTotal().isEmpty() ? "0" : event.getTotal())
        .build();
  }

  private static String tokens(UsageEvent event, Unit unit) {
    return event.getQuantitiesList().stream()
        .filter(quantity -> quantity.getUnit().equals(unit.key()))
        .map(quantity -> quantity.getQuantity())
        .findFirst()
        .orElse("0");
  }

  private static UsageSum plus(UsageSum one, UsageSum other) {
    return UsageSum.newBuilder()
        .setEvents(one.getEvents() + other.getEvents())
        .setUnpricedEvents(one.getUnpricedEvents() + other.getUnpricedEvents())
        .setInputTokens(add(one.getInputTokens(), other.getInputTokens()))
        .setOutputTokens(add(one.getOutputTokens(), other.getOutputTokens()))
        .setCost(add(one.getCost(), other.getCost()))
        .build();
  }

  private static String add(String one, String other) {
    return UsageProto.decimal(new BigDecimal(one).add(new BigDecimal(other)));
  }

  @Test
  void aPartOfTheTimeIsExactFromWhateverServesIt() {
    var zone = ZoneId.of("Australia/Lord_Howe");
    var from = LocalDate.parse("2025-04-05").atStartOfDay(zone).toInstant();
    var to = LocalDate.parse("2025-04-06").atStartOfDay(zone).toInstant();
    var request =
        QueryUsageRequest.newBuilder()
            .setTimeZone(zone.getId())
            .setStartTime(Timestamp.newBuilder().setSeconds(from.getEpochSecond()))
            .setEndTime(Timestamp.newBuilder().setSeconds(to.getEpochSecond()));
    var cost =
        UsageProto.decimal(
            total(
                events.values().stream()
                    .filter(event -> key(event, zone.getId(), "DAY").equals("[2025-04-05]"))));
    var whole = owner.usage().queryUsage(request.build());
    assertThat(whole.getSource()).isEqualTo(Source.SOURCE_QUARTER_MODEL);
    assertThat(whole.getGroups(0).getSum().getCost()).isEqualTo(cost);
    var byUser =
        owner.usage().queryUsage(request.addGroupBy(UsageDimension.USAGE_DIMENSION_USER).build());
    assertThat(byUser.getSource()).isEqualTo(Source.SOURCE_LEDGER);
    assertThat(
            UsageProto.decimal(
                byUser.getGroupsList().stream()
                    .map(group -> new BigDecimal(group.getSum().getCost()))
                    .reduce(BigDecimal.ZERO, BigDecimal::add)))
        .isEqualTo(cost);
  }

  @Test
  void whoMayNotSeeAllSeesTheirOwn() {
    var mine =
        alice
            .usage()
            .queryUsage(
                QueryUsageRequest.newBuilder()
                    .addGroupBy(UsageDimension.USAGE_DIMENSION_USER)
                    .build());
    assertThat(mine.getGroupsList())
        .singleElement()
        .satisfies(
            group -> {
              assertThat(group.getKeysList()).containsExactly(alice.id().toString());
              assertThat(group.getSum().getCost())
                  .isEqualTo(
                      UsageProto.decimal(
                          total(
                              events.values().stream()
                                  .filter(one -> one.getUserId().equals(alice.id().toString())))));
            });
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () ->
            alice
                .usage()
                .queryUsage(
                    QueryUsageRequest.newBuilder().setUserId(owner.id().toString()).build()));
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () ->
                alice
                    .usage()
                    .queryUsage(QueryUsageRequest.newBuilder().setTimeZone("+05:45").build()))
        .field("time_zone");
  }
}
