package dev.agentserver.benchmarks.codec;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Both directions, for each [Sample] and each [Way].
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CodecBenchmark {
  @Param public Sample sample = Sample.PAGE;

  @Param public Way.Name way = Way.Name.CODEC;

  private Way chosen = Way.Name.CODEC.of(Sample.PAGE.message());
  private byte[] wire = {};
  private byte[] json = {};

  @Setup
  public void prepare() throws IOException {
    var message = sample.message();
    chosen = way.of(message);
    wire = message.toByteArray();
    json = chosen.print(wire);
  }

  @Benchmark
  public byte[] print() throws IOException {
    return chosen.print(wire);
  }

  @Benchmark
  public byte[] read() throws IOException {
    return chosen.read(json);
  }
}
