package dev.agentserver.agentrun.usage.normalize;

import dev.agentserver.agentrun.text.Json;
import dev.agentserver.agentrun.usage.Conditions;
import dev.agentserver.agentrun.usage.NormalizedUsage;
import dev.agentserver.agentrun.usage.NormalizedUsage.State;
import dev.agentserver.agentrun.usage.Normalizer;
import dev.agentserver.agentrun.usage.Reading;
import dev.agentserver.agentrun.usage.Warning;
import dev.agentserver.agentrun.usage.Warning.Code;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads raw usage with the extractors of its provider: the first that fits.
public final class RawNormalizer implements Normalizer {
  private final Extractors extractors;

  public RawNormalizer(Extractors extractors) {
    this.extractors = extractors;
  }

  @Override
  public NormalizedUsage normalize(
      String provider, String apiFlavor, String model, String rawJson) {
    var name = extractors.provider(provider);
    var values = Json.read(rawJson).orElse(null);
    if (values == null) {
      return empty(name, State.INVALID, new Warning(Code.NOT_JSON, "", "it is not JSON"));
    }
    if (!values.isEmpty()) {
      for (var extractor : extractors.candidates(name, apiFlavor.strip())) {
        var report = Report.of(extractor, values);
        if (report != null) {
          return read(name, extractor, report, model, isBatch(apiFlavor));
        }
      }
    }
    return empty(name, State.MISSING, null);
  }

  private static NormalizedUsage read(
      String provider, Extractor extractor, Report report, String model, boolean batch) {
    try {
      var called = model.isEmpty() ? report.text(extractor.models()) : model;
      var warnings = new ArrayList<Warning>();
      var readings = Readings.of(extractor, report, called, warnings);
      warnings.addAll(Fields.unmapped(extractor, report.usage()));
      return new NormalizedUsage(
          provider,
          readings,
          Statements.reportedCost(extractor, report),
          new Conditions("", batch, "").or(Statements.conditions(extractor, report)),
          warnings,
          report.cutOff() ? State.PARTIAL : State.REPORTED);
    } catch (Counts.NotACount wrong) {
      return empty(provider, State.INVALID, wrong.warning());
    } catch (Readings.Negative wrong) {
      return empty(provider, State.INVALID, wrong.warning());
    }
  }

  /// Of a batch the call knows, and hardly ever the usage.
  private static boolean isBatch(String apiFlavor) {
    return apiFlavor.strip().equalsIgnoreCase("batch");
  }

  private static NormalizedUsage empty(String provider, State state, @Nullable Warning warning) {
    List<Warning> warnings = warning == null ? List.of() : List.of(warning);
    return new NormalizedUsage(
        provider, List.<Reading>of(), null, Conditions.STANDARD, warnings, state);
  }
}
