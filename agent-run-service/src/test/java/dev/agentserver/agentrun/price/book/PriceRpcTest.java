package dev.agentserver.agentrun.price.book;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.agentserver.agentrun.Harness;
import dev.agentserver.agentrun.v1.Cost;
import dev.agentserver.agentrun.v1.CreatePriceVersionRequest;
import dev.agentserver.agentrun.v1.DailyPeriod;
import dev.agentserver.agentrun.v1.EstimateCostRequest;
import dev.agentserver.agentrun.v1.GetPriceVersionRequest;
import dev.agentserver.agentrun.v1.ImportPricesRequest;
import dev.agentserver.agentrun.v1.ListPriceVersionsRequest;
import dev.agentserver.agentrun.v1.NormalizeUsageRequest;
import dev.agentserver.agentrun.v1.NormalizedUsage;
import dev.agentserver.agentrun.v1.PriceIssue;
import dev.agentserver.agentrun.v1.PriceRate;
import dev.agentserver.agentrun.v1.PriceServiceGrpc;
import dev.agentserver.agentrun.v1.PriceServiceGrpc.PriceServiceBlockingStub;
import dev.agentserver.agentrun.v1.PriceVersion;
import dev.agentserver.agentrun.v1.UsageReading;
import dev.agentserver.agentrun.v1.UsageWarning;
import dev.agentserver.agentrun.v1.WithdrawPriceVersionRequest;
import io.grpc.Status.Code;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
class PriceRpcTest {
  private static final String ONE_OF_EACH =
      "{\"prompt_tokens\": 1000000, \"completion_tokens\": 1000000}";

  private Harness service;
  private PriceServiceBlockingStub admin;
  private PriceServiceBlockingStub stranger;
  private PriceServiceBlockingStub platform;

  @BeforeAll
  void start() {
    service = Harness.start();
    service.loadPrices();
    admin = by(UUID.randomUUID(), "ADMIN");
    stranger = by(UUID.randomUUID(), "ADMIN");
    platform = by(UUID.randomUUID(), "ADMIN", "PLATFORM_ADMIN");
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private PriceServiceBlockingStub by(UUID tenant, String... roles) {
    return PriceServiceGrpc.newBlockingStub(service.channel(service.caller(tenant, roles)));
  }

  @Test
  void theSuiteKnowsWhatModelsCostFromTheStart() {
    var before = cost(admin, estimate("openai", "o3").setOccurredAt(at("2025-06-09T23:59:59Z")));
    var after = cost(admin, estimate("openai", "o3").setOccurredAt(at("2025-06-10T00:00:00Z")));
    assertThat(before.getTotal()).isEqualTo("50");
    assertThat(after.getTotal()).isEqualTo("10");
    assertThat(cost(admin, estimate("openai", "gpt-5.4").setBatch(true)).getTotal()).isNotEmpty();
    var dated = cost(admin, estimate("openai", "o3-2099-01-01"));
    assertThat(dated.getState()).isEqualTo(Cost.State.STATE_PRICED);
    for (var unknown : List.of("my-o3", "o3-tuned", "O3")) {
      var cost = cost(admin, estimate("openai", unknown));
      assertThat(cost.getState()).as(unknown).isEqualTo(Cost.State.STATE_UNPRICED);
      assertThat(cost.getTotal()).isEmpty();
      assertThat(cost.getUnpricedList()).hasSize(2);
    }
  }

  @Test
  void loadingTheBookAgainChangesNothingAndGivesWayToWhatSomebodyWrote() {
    var written =
        create(
            platform,
            price("google", "gemini-2.5-pro").setShared(true).addRates(rate("input", "7")));
    var before = service.column("select count(*) from agent_run.price_version");
    service.loadPrices();
    assertThat(service.column("select count(*) from agent_run.price_version")).isEqualTo(before);
    var reading = UsageReading.newBuilder().putQuantities("input", "1000000").build();
    var cost =
        cost(
            stranger,
            EstimateCostRequest.newBuilder()
                .setProvider("gemini")
                .setModel("gemini-2.5-pro")
                .addReadings(reading));
    assertThat(cost.getTotal()).isEqualTo("7");
    assertThat(cost.getLines(0).getPriceVersionId()).isEqualTo(written.getId());
  }

  @Test
  void theTenantsOwnPriceComesFirstAndIsNobodyElses() {
    var own = price("openai", "gpt-4o").addRates(rate("input", "1")).addRates(rate("output", "2"));
    var made = create(admin, own);
    assertThat(made.getSource()).isEqualTo(PriceVersion.Source.SOURCE_MANUAL);
    assertThat(get(admin, made.getId())).isEqualTo(made);
    assertThat(cost(admin, estimate("openai", "gpt-4o")).getTotal()).isEqualTo("3");
    assertThat(cost(stranger, estimate("openai", "gpt-4o")).getTotal()).isEqualTo("12.5");
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(stranger, made.getId()));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> withdraw(stranger, made.getId()));
    withdraw(admin, made.getId());
    withdraw(admin, made.getId());
    assertThat(cost(admin, estimate("openai", "gpt-4o")).getTotal()).isEqualTo("12.5");
    assertThat(get(admin, made.getId()).hasWithdrawnAt()).isTrue();
  }

  @Test
  void everybodysPricesAreThePlatformsToWrite() {
    var shared = price("p", "shared").setShared(true).addRates(rate("input", "1"));
    assertProblem(Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> create(admin, shared));
    var made = create(platform, shared);
    assertThat(get(stranger, made.getId())).isEqualTo(made);
    assertProblem(Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> withdraw(admin, made.getId()));
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> admin.importPrices(importing("{}").setShared(true).build()));
  }

  @Test
  void aNewPriceEndsTheOldOneAndHistoryStays() {
    var first = create(admin, price("p", "h").setEffectiveAt(at("2026-01-01T00:00:00Z")));
    var second = create(admin, price("p", "h").setEffectiveAt(at("2026-03-01T00:00:00Z")));
    assertThat(get(admin, first.getId()).getEndsAt()).isEqualTo(second.getEffectiveAt());
    create(admin, price("p", "h").setEffectiveAt(at("2026-01-01T00:00:00Z")));
    assertThat(get(admin, first.getId()).hasWithdrawnAt()).isTrue();
    assertThat(get(admin, second.getId()).hasWithdrawnAt()).isTrue();
    var listed =
        admin.listPriceVersions(
            ListPriceVersionsRequest.newBuilder().setProvider("p").setModel("h").build());
    assertThat(listed.getPriceVersionsList()).hasSize(1);
  }

  @Test
  void conditionsChooseThePrice() {
    create(admin, price("p", "c").addRates(rate("input", "10")).addRates(rate("output", "0")));
    create(
        admin,
        price("p", "c").setTier("Flex").addRates(rate("input", "5")).addRates(rate("output", "0")));
    create(
        admin,
        price("p", "c")
            .setRegion("eu")
            .addRates(rate("input", "11"))
            .addRates(rate("output", "0")));
    create(
        admin,
        price("p", "c")
            .setDaily(DailyPeriod.newBuilder().setFromMinute(30).setUntilMinute(60))
            .addRates(rate("input", "1"))
            .addRates(rate("output", "0")));
    var now = estimate("p", "c").setOccurredAt(at("2099-01-01T12:00:00Z"));
    assertThat(cost(admin, now).getTotal()).isEqualTo("10");
    assertThat(cost(admin, now.clone().setTier("flex")).getTotal()).isEqualTo("5");
    assertThat(cost(admin, now.clone().setRegion("eu")).getTotal()).isEqualTo("11");
    assertThat(cost(admin, now.clone().setRegion("us")).getTotal()).isEqualTo("10");
    assertThat(cost(admin, now.clone().setTier("priority")).getTotal()).isEmpty();
    assertThat(cost(admin, now.clone().setBatch(true)).getTotal()).isEmpty();
    var night = now.clone().setOccurredAt(at("2099-01-01T00:30:00Z"));
    assertThat(cost(admin, night).getTotal()).isEqualTo("1");
    assertThat(cost(admin, night.setOccurredAt(at("2099-01-01T01:00:00Z"))).getTotal())
        .isEqualTo("10");
  }

  @Test
  void theDatabaseKeepsPricesForTheSameThingApart() {
    create(admin, price("p", "apart").setEffectiveAt(at("2026-01-01T00:00:00Z")));
    var broken =
        service.column(
            """
            with copy as (
              select tenant_id, gen_random_uuid() as id from agent_run.price_version where model = 'apart')
            insert into agent_run.price_version
              select c.tenant_id, c.id, provider, model, tier, batch, region, daily_from, daily_until,
                valid_from + interval '1 day', valid_until, source, created_at, withdrawn_at
              from agent_run.price_version v join copy c using (tenant_id) where model = 'apart'
            on conflict do nothing returning 'written'""");
    assertThat(broken).isEmpty();
  }

  @Test
  void whatIsNoPriceIsRefused() {
    for (var wrong :
        List.of(
            price("p", "w").addRates(rate("smell", "1")),
            price("p", "w").addRates(rate("provider_reported", "1")),
            price("p", "w").addRates(rate("input", "1")).addRates(rate("input", "2")),
            price("p", "w").addRates(rate("input", "-1")),
            price("p", "w").addRates(rate("input", "1e5")),
            price("p", "w").setDaily(DailyPeriod.newBuilder().setFromMinute(9).setUntilMinute(9)),
            price("p", "w")
                .setEffectiveAt(at("2026-01-01T00:00:00Z"))
                .setEndsAt(at("2026-01-01T00:00:00Z")))) {
      assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> create(admin, wrong));
    }
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () -> admin.estimateCost(EstimateCostRequest.newBuilder().setProvider("p").build()));
  }

  @Test
  void aPriceIsWrittenOnceForARequestId() {
    var request =
        CreatePriceVersionRequest.newBuilder()
            .setPriceVersion(price("p", "once").addRates(rate("input", "1")))
            .setRequestId("r1")
            .build();
    var made = admin.createPriceVersion(request);
    assertThat(admin.createPriceVersion(request)).isEqualTo(made);
  }

  @Test
  void aListComesInPages() {
    var somebody = by(UUID.randomUUID(), "ADMIN");
    for (var model : List.of("c", "a", "b")) {
      create(somebody, price("pages", model));
    }
    var models = new ArrayList<String>();
    var request = ListPriceVersionsRequest.newBuilder().setProvider("pages").setPageSize(2);
    do {
      var page = somebody.listPriceVersions(request.build());
      page.getPriceVersionsList().forEach(each -> models.add(each.getModel()));
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    assertThat(models).containsExactly("a", "b", "c");
  }

  @Test
  void anImportSaysWhatItWouldDoDoesItAndHasNothingLeftToDo() {
    var somebody = by(UUID.randomUUID(), "ADMIN");
    create(
        somebody,
        price("wandb", "old")
            .setEffectiveAt(at("2026-01-01T00:00:00Z"))
            .addRates(rate("input", "1")));
    var request =
        importing(
                """
            {"wandb/old": {"litellm_provider": "wandb", "input_cost_per_token": 2e-06},
             "wandb/new": {"litellm_provider": "wandb", "input_cost_per_token": 1e-06, "output_cost_per_token": 0},
             "wandb/absurd": {"litellm_provider": "wandb", "input_cost_per_token": 1},
             "groq/other": {"litellm_provider": "groq", "input_cost_per_token": 1e-06}}""")
            .addProviders("wandb");
    var planned = somebody.importPrices(request.clone().setDryRun(true).build());
    assertThat(planned.getAddedCount()).isEqualTo(1);
    assertThat(planned.getChangedCount()).isEqualTo(1);
    assertThat(planned.getRejectedCount()).isEqualTo(1);
    assertThat(planned.getIssuesList())
        .extracting(PriceIssue::getCode)
        .containsExactly(PriceIssue.Code.CODE_ABSURD_PRICE);
    assertThat(planned.getChanges(0).getBefore().getRates(0).getUnitPrice()).isEqualTo("1");
    assertThat(planned.getChanges(0).getAfter().getRates(0).getUnitPrice()).isEqualTo("2");
    assertThat(cost(somebody, estimate("wandb", "new")).getTotal()).isEmpty();
    var keyed = request.clone().setRequestId("i1").build();
    var done = somebody.importPrices(keyed);
    assertThat(somebody.importPrices(keyed)).isEqualTo(done);
    assertThat(done.getAddedCount()).isEqualTo(1);
    assertThat(cost(somebody, estimate("wandb", "new")).getTotal()).isEqualTo("1");
    assertThat(cost(somebody, estimate("groq", "other")).getTotal()).isEmpty();
    var again = somebody.importPrices(request.build());
    assertThat(again.getUnchangedCount()).isEqualTo(2);
    assertThat(again.getChangesList()).isEmpty();
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () -> somebody.importPrices(importing("{").build()));
  }

  @Test
  void usageIsNormalisedAndWhatContradictsItselfIsSaidToBeInvalid() {
    var request =
        NormalizeUsageRequest.newBuilder()
            .setProvider("x-ai")
            .setModel("grok")
            .setRawUsage(
                """
                {"prompt_tokens": 10, "completion_tokens": 4, "total_tokens": 17,
                 "completion_tokens_details": {"reasoning_tokens": 3}}""");
    var usage = admin.normalizeUsage(request.build());
    assertThat(usage.getProvider()).isEqualTo("xai");
    assertThat(usage.getReadings(0).getQuantitiesMap())
        .containsOnly(
            Map.entry("input", "10"), Map.entry("output", "4"), Map.entry("reasoning", "3"));
    var wrong =
        admin.estimateCost(
            EstimateCostRequest.newBuilder()
                .setProvider("openai")
                .setModel("gpt-4o")
                .setRawUsage(
                    "{\"prompt_tokens\":10,\"prompt_tokens_details\":{\"cached_tokens\":50},\"completion_tokens\":1}")
                .build());
    assertThat(wrong.getUsage().getState()).isEqualTo(NormalizedUsage.State.STATE_INVALID);
    assertThat(wrong.getUsage().getWarnings(0).getCode())
        .isEqualTo(UsageWarning.Code.CODE_NEGATIVE_BUCKET);
    assertThat(wrong.getCost().getState()).isEqualTo(Cost.State.STATE_UNPRICED);
    assertThat(wrong.getCost().getLinesList()).isEmpty();
  }

  private static EstimateCostRequest.Builder estimate(String provider, String model) {
    return EstimateCostRequest.newBuilder()
        .setProvider(provider)
        .setModel(model)
        .setRawUsage(ONE_OF_EACH);
  }

  private static Cost cost(PriceServiceBlockingStub by, EstimateCostRequest.Builder request) {
    return by.estimateCost(request.build()).getCost();
  }

  private static ImportPricesRequest.Builder importing(String content) {
    return ImportPricesRequest.newBuilder()
        .setFormat(ImportPricesRequest.Format.FORMAT_LITELLM)
        .setContent(content);
  }

  private static PriceVersion get(PriceServiceBlockingStub by, String id) {
    return by.getPriceVersion(GetPriceVersionRequest.newBuilder().setPriceVersionId(id).build());
  }

  private static void withdraw(PriceServiceBlockingStub by, String id) {
    by.withdrawPriceVersion(WithdrawPriceVersionRequest.newBuilder().setPriceVersionId(id).build());
  }

  private static PriceVersion create(PriceServiceBlockingStub by, PriceVersion.Builder version) {
    return by.createPriceVersion(
        CreatePriceVersionRequest.newBuilder().setPriceVersion(version).build());
  }

  private static PriceVersion.Builder price(String provider, String model) {
    return PriceVersion.newBuilder().setProvider(provider).setModel(model);
  }

  private static PriceRate rate(String unit, String price) {
    return PriceRate.newBuilder().setUnit(unit).setUnitPrice(price).build();
  }

  private static Timestamp at(String time) {
    return Timestamp.newBuilder().setSeconds(Instant.parse(time).getEpochSecond()).build();
  }
}
