package dev.agentserver.agentrun.export;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.agentserver.agentrun.Harness;
import dev.agentserver.agentrun.v1.ExportFormat;
import dev.agentserver.agentrun.v1.ExportUsageRequest;
import dev.agentserver.agentrun.v1.QueryUsageRequest;
import dev.agentserver.agentrun.v1.UsageDimension;
import dev.agentserver.agentrun.v1.UsageExportServiceGrpc;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.json.Json;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What is exported is what is in the ledger, in every form, whoever reads it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExportTest {
  private static final List<String> ZONES =
      List.of("", "Asia/Kathmandu", "Australia/Lord_Howe", "Europe/Berlin");
  private static final int LARGEST = 1024 * 1024;

  private Harness service;
  private ExportScene scene;

  @BeforeAll
  void start() {
    service = Harness.start();
    scene = ExportScene.open(service);
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private String text(Caller caller, ExportUsageRequest.Builder request) {
    var bytes = ByteString.empty();
    var pieces =
        UsageExportServiceGrpc.newBlockingStub(service.channel(caller))
            .exportUsage(request.build());
    while (pieces.hasNext()) {
      HttpBody piece = pieces.next();
      assertThat(piece.getData().size()).isLessThan(LARGEST);
      bytes = bytes.concat(piece.getData());
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static List<CSVRecord> parsed(String text) {
    assertThat(text.replace("\r\n", "").contains("\n\"")).isFalse();
    try {
      return CSVFormat.RFC4180
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .get()
          .parse(new StringReader(text))
          .getRecords();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private List<CSVRecord> csv(Caller caller, ExportUsageRequest.Builder request) {
    var text = text(caller, request);
    assertThat(text).startsWith("\uFEFFday,");
    return parsed(text.substring(1));
  }

  private List<CSVRecord> focus(ExportUsageRequest.Builder request) {
    return parsed(text(scene.owner(), request.setFormat(ExportFormat.EXPORT_FORMAT_FOCUS)));
  }

  private List<ExportUsageRequest.Builder> filters() {
    var alice = scene.alice().principalId().toString();
    var begin = Timestamp.newBuilder().setSeconds(1_759_599_123).setNanos(1_000);
    return List.of(
        ExportUsageRequest.newBuilder(),
        ExportUsageRequest.newBuilder().setModel("claude-haiku-4-5"),
        ExportUsageRequest.newBuilder().setProvider("acme").setStartTime(begin),
        ExportUsageRequest.newBuilder().setUserId(alice).setEndTime(begin),
        ExportUsageRequest.newBuilder().setAgentId(scene.agent().toString()).setUserId(alice));
  }

  /// Day → what was used, as numbers that can be compared.
  private Map<String, List<BigDecimal>> queried(ExportUsageRequest.Builder asked) {
    var request =
        QueryUsageRequest.newBuilder()
            .addGroupBy(UsageDimension.USAGE_DIMENSION_DAY)
            .setTimeZone(asked.getTimeZone())
            .setUserId(asked.getUserId())
            .setAgentId(asked.getAgentId())
            .setProvider(asked.getProvider())
            .setModel(asked.getModel())
            .setPageSize(200);
    if (asked.hasStartTime()) {
      request.setStartTime(asked.getStartTime());
    }
    if (asked.hasEndTime()) {
      request.setEndTime(asked.getEndTime());
    }
    var days = new TreeMap<String, List<BigDecimal>>();
    for (var group : scene.usage(scene.owner()).queryUsage(request.build()).getGroupsList()) {
      var sum = group.getSum();
      days.put(
          group.getKeys(0),
          numbers(
              Long.toString(sum.getEvents()),
              Long.toString(sum.getUnpricedEvents()),
              sum.getInputTokens(),
              sum.getOutputTokens(),
              sum.getCost()));
    }
    return days;
  }

  private static List<BigDecimal> numbers(String... texts) {
    var numbers = new ArrayList<BigDecimal>();
    for (var text : texts) {
      numbers.add(text.isEmpty() ? BigDecimal.ZERO : new BigDecimal(text).stripTrailingZeros());
    }
    return numbers;
  }

  private static List<BigDecimal> plus(List<BigDecimal> one, List<BigDecimal> other) {
    var sums = new ArrayList<BigDecimal>();
    for (var i = 0; i < one.size(); i++) {
      sums.add(one.get(i).add(other.get(i)).stripTrailingZeros());
    }
    return sums;
  }

  private static List<BigDecimal> numbers(CSVRecord row) {
    return numbers(
        row.get("events"),
        row.get("unpriced_events"),
        row.get("input_tokens"),
        row.get("output_tokens"),
        row.get("cost"));
  }

  @Test
  void theDaysOfASpreadsheetAreThoseOfQueryUsageInEveryTimeZone() {
    for (var zone : ZONES) {
      for (var filter : zone.isEmpty() ? filters() : filters().subList(0, 2)) {
        var days = new TreeMap<String, List<BigDecimal>>();
        for (var row : csv(scene.owner(), filter.setTimeZone(zone))) {
          assertThat(row.get("local_time")).startsWith(row.get("day") + " ");
          days.merge(row.get("day"), numbers(row), ExportTest::plus);
        }
        assertThat(days).isNotEmpty().isEqualTo(queried(filter));
      }
    }
  }

  @Test
  void theCostsOfFocusAreThoseOfQueryUsage() {
    for (var filter : filters()) {
      var cost =
          queried(filter).values().stream().reduce(numbers("", "", "", "", ""), ExportTest::plus);
      for (var column : List.of("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")) {
        assertThat(
                focus(filter).stream()
                    .map(row -> new BigDecimal(row.get(column)))
                    .reduce(BigDecimal.ZERO, BigDecimal::add))
            .isEqualByComparingTo(cost.getLast());
      }
    }
  }

  @Test
  void everyRowKeepsTheRulesOfFocus() {
    for (var zone : List.of("", "Australia/Lord_Howe")) {
      var rows = focus(ExportUsageRequest.newBuilder().setTimeZone(zone));
      FocusRules.check(rows.getFirst().getParser().getHeaderNames(), rows);
      assertThat(rows).extracting(row -> row.get("ChargeClass")).contains("", "Correction");
      assertThat(rows)
          .extracting(row -> row.get("PricingUnit"))
          .contains("1000000 Tokens", "Requests");
      assertThat(rows).anySatisfy(row -> assertThat(row.get("BilledCost")).startsWith("-"));
      assertThat(rows).extracting(row -> row.get("PublisherName")).contains("meta-llama");
    }
  }

  @Test
  void aProgramGetsTheSameRows() {
    var rows = csv(scene.owner(), ExportUsageRequest.newBuilder());
    var lines =
        text(
                scene.owner(),
                ExportUsageRequest.newBuilder().setFormat(ExportFormat.EXPORT_FORMAT_JSONL))
            .lines()
            .toList();
    assertThat(lines).hasSameSizeAs(rows).hasSizeGreaterThan(ExportScene.EVENTS);
    for (var i = 0; i < lines.size(); i++) {
      var object = Json.parse(lines.get(i)).orElseThrow();
      for (var cell : rows.get(i).toMap().entrySet()) {
        var value = object.path(cell.getKey()).asText();
        assertThat(cell.getValue()).isIn(value, "'" + value);
      }
    }
  }

  @Test
  void noCellIsTakenForAFormulaAndNoTextIsLost() {
    var rows = csv(scene.owner(), ExportUsageRequest.newBuilder());
    assertThat(rows)
        .allSatisfy(
            row -> assertThat(row.toList()).noneMatch(cell -> cell.matches("(?s)[=+@\t\r-].*")));
    assertThat(rows)
        .extracting(row -> row.get("model"))
        .contains("'" + ExportScene.FORMULA, "'" + ExportScene.ODD);
    assertThat(focus(ExportUsageRequest.newBuilder()))
        .allSatisfy(
            row ->
                assertThat(row.toList())
                    .noneMatch(cell -> cell.matches("(?s)[=+@\t\r-].*") && !isNumber(cell)));
    assertThat(
            text(
                scene.owner(),
                ExportUsageRequest.newBuilder().setFormat(ExportFormat.EXPORT_FORMAT_JSONL)))
        .contains("\"model\":\"=HYPERLINK");
  }

  private static boolean isNumber(String cell) {
    return cell.matches("-[0-9.]+");
  }

  @Test
  void whoMayNotSeeAllGetsTheirOwn() {
    var alice = scene.alice().principalId().toString();
    assertThat(csv(scene.alice(), ExportUsageRequest.newBuilder()))
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.get("user_id")).isEqualTo(alice));
    var others = ExportUsageRequest.newBuilder().setUserId(UUID.randomUUID().toString());
    assertProblem(Code.PERMISSION_DENIED, "PERMISSION_DENIED", () -> text(scene.alice(), others));
    var stranger = service.caller(UUID.randomUUID(), "TENANT_OWNER");
    assertThat(csv(stranger, ExportUsageRequest.newBuilder())).isEmpty();
    assertThat(
            text(
                stranger,
                ExportUsageRequest.newBuilder().setFormat(ExportFormat.EXPORT_FORMAT_JSONL)))
        .isEmpty();
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> text(scene.owner(), ExportUsageRequest.newBuilder().setTimeZone("+05:45")))
        .field("time_zone");
  }

  @Test
  void aBrowserIsToldThatItIsAFile() {
    var headers = new AtomicReference<Metadata>();
    var channel =
        ClientInterceptors.intercept(
            service.channel(scene.owner()),
            MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()));
    var first =
        UsageExportServiceGrpc.newBlockingStub(channel)
            .exportUsage(
                ExportUsageRequest.newBuilder().setFormat(ExportFormat.EXPORT_FORMAT_FOCUS).build())
            .next();
    assertThat(first.getContentType()).isEqualTo("text/csv; charset=utf-8");
    var key = Metadata.Key.of("content-disposition", Metadata.ASCII_STRING_MARSHALLER);
    assertThat(headers.get().get(key)).isEqualTo("attachment; filename=\"usage.focus.csv\"");
  }
}
