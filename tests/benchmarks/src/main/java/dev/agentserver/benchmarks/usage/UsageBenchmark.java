package dev.agentserver.benchmarks.usage;

import dev.agentserver.agentrun.price.Calculation;
import dev.agentserver.agentrun.price.Choice;
import dev.agentserver.agentrun.price.ModelName;
import dev.agentserver.agentrun.price.PriceVersion;
import dev.agentserver.agentrun.price.Priced;
import dev.agentserver.agentrun.price.imports.BuiltInBook;
import dev.agentserver.agentrun.usage.NormalizedUsage;
import dev.agentserver.agentrun.usage.normalize.Extractors;
import dev.agentserver.agentrun.usage.normalize.RawNormalizer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Reads a [Report], and works out what it costs by the prices that come with the suite, those of
/// its model at hand.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class UsageBenchmark {
  private static final Instant NOW = Instant.parse("2026-08-21T12:00:00Z");

  @Param public Report report = Report.OPENAI;

  private final RawNormalizer normalizer = new RawNormalizer(Extractors.builtIn());
  private final List<PriceVersion> book = BuiltInBook.versions();
  private List<PriceVersion> known = List.of();
  private NormalizedUsage usage = read(normalizer, Report.OPENAI);

  @Setup
  public void prepare() {
    var names = ModelName.candidates(report.model());
    known =
        book.stream()
            .filter(one -> one.key().provider().equals(report.provider()))
            .filter(one -> names.contains(one.key().model()))
            .toList();
    usage = read(normalizer, report);
  }

  @Benchmark
  public NormalizedUsage normalize() {
    return read(normalizer, report);
  }

  private static NormalizedUsage read(RawNormalizer normalizer, Report report) {
    return normalizer.normalize(report.provider(), report.api(), report.model(), report.raw());
  }

  @Benchmark
  public Priced estimate() {
    return Calculation.of(
        usage, model -> Choice.of(known, ModelName.candidates(model), usage.conditions(), NOW));
  }
}
