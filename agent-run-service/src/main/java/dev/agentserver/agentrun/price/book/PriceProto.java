package dev.agentserver.agentrun.price.book;

import static dev.agentserver.agentrun.text.ProtoText.clean;
import static dev.agentserver.agentrun.text.ProtoText.timestamp;

import com.google.protobuf.Timestamp;
import dev.agentserver.agentrun.price.Daily;
import dev.agentserver.agentrun.price.PriceKey;
import dev.agentserver.agentrun.price.PriceVersion.Source;
import dev.agentserver.agentrun.price.Rate;
import dev.agentserver.agentrun.price.book.Prices.NewPrice;
import dev.agentserver.agentrun.price.imports.Issue;
import dev.agentserver.agentrun.text.ProtoText;
import dev.agentserver.agentrun.usage.Unit;
import dev.agentserver.agentrun.v1.DailyPeriod;
import dev.agentserver.agentrun.v1.ImportPricesResponse;
import dev.agentserver.agentrun.v1.PriceChange;
import dev.agentserver.agentrun.v1.PriceIssue;
import dev.agentserver.agentrun.v1.PriceRate;
import dev.agentserver.agentrun.v1.PriceVersion;
import dev.agentserver.kit.problem.Problem;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Prices between the contract and the domain.
final class PriceProto {
  private static final String SOURCE = "SOURCE_";
  private static final String CODE = "CODE_";

  private PriceProto() {}

  /// @param providers the name of a provider here
  static NewPrice draft(PriceVersion price, UnaryOperator<String> providers) {
    var from =
        instantOrNull("price_version.effective_at", price.hasEffectiveAt(), price.getEffectiveAt());
    var until = instantOrNull("price_version.ends_at", price.hasEndsAt(), price.getEndsAt());
    if (from != null && until != null && !from.isBefore(until)) {
      throw Problem.invalid("price_version.ends_at", "must be after effective_at");
    }
    var key =
        new PriceKey(
            providers.apply(clean(price.getProvider())),
            clean(price.getModel()),
            clean(price.getTier()).toLowerCase(Locale.ROOT),
            price.getBatch(),
            clean(price.getRegion()).toLowerCase(Locale.ROOT),
            price.hasDaily() ? daily(price.getDaily()) : Daily.ALWAYS);
    return new NewPrice(price.getShared(), key, from, until, rates(price.getRatesList()));
  }

  private static Daily daily(DailyPeriod daily) {
    if (daily.getFromMinute() >= daily.getUntilMinute()) {
      throw Problem.invalid("price_version.daily.until_minute", "must be after from_minute");
    }
    return new Daily(daily.getFromMinute(), daily.getUntilMinute());
  }

  private static List<Rate> rates(List<PriceRate> given) {
    var rates = new ArrayList<Rate>();
    var seen = new HashSet<String>();
    for (var i = 0; i < given.size(); i++) {
      var field = "price_version.rates[" + i + "]";
      var rate = given.get(i);
      var unit =
          Unit.of(rate.getUnit())
              .filter(each -> each != Unit.PROVIDER_REPORTED)
              .orElseThrow(() -> Problem.invalid(field + ".unit", "is not a unit"));
      if (!seen.add(unit + ">" + rate.getAboveInputTokens())) {
        throw Problem.invalid(field, "there are two prices of " + unit.key());
      }
      rates.add(
          new Rate(
              unit,
              rate.getAboveInputTokens(),
              new BigDecimal(rate.getUnitPrice()),
              rate.getPer().isEmpty() ? unit.per() : new BigDecimal(rate.getPer())));
    }
    return rates;
  }

  static PriceVersion toProto(StoredVersion stored) {
    var price = toProto(stored.version()).toBuilder().setCreatedAt(timestamp(stored.createdAt()));
    if (stored.withdrawnAt() != null) {
      price.setWithdrawnAt(timestamp(stored.withdrawnAt()));
    }
    return price.build();
  }

  private static PriceVersion toProto(dev.agentserver.agentrun.price.PriceVersion version) {
    var key = version.key();
    var price =
        PriceVersion.newBuilder()
            .setId(version.id().toString())
            .setShared(version.shared())
            .setProvider(key.provider())
            .setModel(key.model())
            .setTier(key.tier())
            .setBatch(key.batch())
            .setRegion(key.region())
            .setSource(PriceVersion.Source.valueOf(SOURCE + version.source().name()));
    if (!key.daily().equals(Daily.ALWAYS)) {
      price.setDaily(
          DailyPeriod.newBuilder()
              .setFromMinute(key.daily().from())
              .setUntilMinute(key.daily().until()));
    }
    if (version.from() != null) {
      price.setEffectiveAt(timestamp(version.from()));
    }
    if (version.until() != null) {
      price.setEndsAt(timestamp(version.until()));
    }
    version.rates().forEach(rate -> price.addRates(toProto(rate)));
    return price.build();
  }

  private static PriceRate toProto(Rate rate) {
    return PriceRate.newBuilder()
        .setUnit(rate.unit().key())
        .setUnitPrice(rate.unitPrice().toPlainString())
        .setPer(rate.per().toPlainString())
        .setAboveInputTokens(rate.above())
        .build();
  }

  static StoredVersion fromProto(PriceVersion price) {
    return new StoredVersion(
        version(price),
        ProtoText.instant("created_at", price.getCreatedAt()),
        instantOrNull("withdrawn_at", price.hasWithdrawnAt(), price.getWithdrawnAt()));
  }

  private static dev.agentserver.agentrun.price.PriceVersion version(PriceVersion price) {
    var draft = draft(price, UnaryOperator.identity());
    return new dev.agentserver.agentrun.price.PriceVersion(
        UUID.fromString(price.getId()),
        price.getShared(),
        draft.key(),
        draft.from(),
        draft.until(),
        Source.valueOf(price.getSource().name().substring(SOURCE.length())),
        draft.rates());
  }

  static ImportPricesResponse toProto(Imports.Outcome outcome) {
    return ImportPricesResponse.newBuilder()
        .setAddedCount(outcome.added())
        .setChangedCount(outcome.changed())
        .setUnchangedCount(outcome.unchanged())
        .setRejectedCount(outcome.rejected())
        .addAllChanges(outcome.changes().stream().map(PriceProto::change).toList())
        .addAllIssues(outcome.issues().stream().map(PriceProto::issue).toList())
        .setTruncated(outcome.truncated())
        .build();
  }

  static Imports.Outcome fromProto(ImportPricesResponse reply) {
    return new Imports.Outcome(
        reply.getAddedCount(),
        reply.getChangedCount(),
        reply.getUnchangedCount(),
        reply.getRejectedCount(),
        reply.getChangesList().stream().map(PriceProto::change).toList(),
        reply.getIssuesList().stream().map(PriceProto::issue).toList(),
        reply.getTruncated());
  }

  private static Imports.Change change(PriceChange change) {
    return new Imports.Change(
        change.hasBefore() ? version(change.getBefore()) : null, version(change.getAfter()));
  }

  private static Issue issue(PriceIssue issue) {
    return new Issue(
        Issue.Code.valueOf(issue.getCode().name().substring(CODE.length())),
        issue.getModel(),
        issue.getRejected(),
        issue.getMessage());
  }

  private static PriceChange change(Imports.Change change) {
    var proto = PriceChange.newBuilder().setAfter(toProto(change.after()));
    if (change.before() != null) {
      proto.setBefore(toProto(change.before()));
    }
    return proto.build();
  }

  private static PriceIssue issue(Issue issue) {
    return PriceIssue.newBuilder()
        .setCode(PriceIssue.Code.valueOf(CODE + issue.code().name()))
        .setModel(issue.model())
        .setRejected(issue.rejected())
        .setMessage(issue.message())
        .build();
  }

  /// To the microsecond, which is what is stored.
  ///
  /// @param field named when the time is none that can be
  static @Nullable Instant instantOrNull(String field, boolean given, Timestamp time) {
    return given ? ProtoText.instant(field, time).truncatedTo(ChronoUnit.MICROS) : null;
  }
}
