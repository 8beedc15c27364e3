package dev.agentserver.gateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import dev.agentserver.gateway.fault.Answers;
import dev.agentserver.gateway.test.TestGateway;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.LogCapture;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Damaged input against a running gateway. Each input ends by an answer or by the connection's
/// end; none is an internal error, none costs memory for good, and afterwards the gateway serves as
/// before. `-Dgateway.fuzz=100000` tries so many inputs of each kind, `-Dgateway.fuzz.seed=1`
/// others.
final class Fuzzing implements AutoCloseable {
  private static final int INPUTS = Integer.getInteger("gateway.fuzz", 400);
  private static final long SEED = Long.getLong("gateway.fuzz.seed", 20261121);
  private static final int THREADS = 16;
  private static final long MEBIBYTE = 1024 * 1024;

  private final TestGateway gateway =
      new TestGateway(
          Map.of(
              "RATE_LIMITS", "none",
              "HEADER_TIMEOUT", "2s",
              "BODY_TIMEOUT", "2s",
              "DEFAULT_DEADLINE", "5s",
              "MAX_DEADLINE", "5s"));

  /// One input, tried on one thread with what it makes its inputs of.
  interface Exchange {
    void run(byte[] input);
  }

  /// Makes what a thread works with.
  interface Kind {
    Mutator mutator(RandomGenerator random);

    Exchange exchange(TestGateway gateway);
  }

  void run(Kind kind) throws InterruptedException {
    // What is made once, by the first that come, is not counted.
    all(kind, INPUTS / 4, SEED - 1);
    var before = memory();
    try (var errors = LogCapture.of(Answers.class)) {
      all(kind, INPUTS, SEED);
      assertThat(errors.lines())
          .filteredOn(line -> line.getLevel() == Level.ERROR)
          .extracting(Fuzzing::told)
          .isEmpty();
    }
    assertThat(gateway.get("/shelves").statusCode()).isEqualTo(200);
    Await.until("memory is given back", () -> memory() - before < 32 * MEBIBYTE);
    var direct = directMemory();
    assertThat(direct).isLessThan(256 * MEBIBYTE);
  }

  private static String told(ILoggingEvent line) {
    var thrown = line.getThrowableProxy();
    return line.getFormattedMessage()
        + (thrown == null ? "" : "\n" + ThrowableProxyUtil.asString(thrown));
  }

  private void all(Kind kind, int inputs, long seed) throws InterruptedException {
    var left = new AtomicInteger(inputs);
    var failure = new AtomicReference<Throwable>();
    var threads =
        IntStream.range(0, THREADS)
            .mapToObj(
                number -> Thread.ofVirtual().start(() -> work(kind, seed + number, left, failure)))
            .toList();
    for (var thread : threads) {
      thread.join();
    }
    if (failure.get() != null) {
      throw new AssertionError("seed " + SEED, failure.get());
    }
  }

  private void work(Kind kind, long seed, AtomicInteger left, AtomicReference<Throwable> failure) {
    var mutator = kind.mutator(new Random(seed));
    var exchange = kind.exchange(gateway);
    while (left.getAndDecrement() > 0 && failure.get() == null) {
      var input = mutator.next();
      try {
        exchange.run(input);
      } catch (RuntimeException | AssertionError failed) {
        failure.compareAndSet(
            null, new AssertionError("input " + HexFormat.of().formatHex(input), failed));
      }
    }
  }

  /// What is used after collecting what is not.
  static long memory() {
    System.gc();
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory() + directMemory();
  }

  private static long directMemory() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }

  @Override
  public void close() {
    gateway.close();
  }
}
