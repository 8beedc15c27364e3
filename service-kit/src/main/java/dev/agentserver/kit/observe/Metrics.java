package dev.agentserver.kit.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;

/// The metrics of one service, in the text form that Prometheus reads. Several services in one
/// process have one each, told apart by the label `service`.
public final class Metrics implements AutoCloseable {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  public Metrics(String service) {
    registry.config().commonTags("service", service);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  /// For libraries that bind themselves, such as the connection pool.
  public MeterRegistry registry() {
    return registry;
  }

  /// A histogram of durations. Keep the result: a look-up costs more than a record.
  ///
  /// @param labels name, value, name, value …; values come from a small, fixed set
  public Timer timer(String name, String help, String... labels) {
    return Timer.builder(name)
        .description(help)
        .tags(labels)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  public Counter counter(String name, String help, String... labels) {
    return Counter.builder(name).description(help).tags(labels).register(registry);
  }

  /// A value that is asked for when metrics are read.
  public void gauge(String name, String help, Supplier<Number> value, String... labels) {
    Gauge.builder(name, value)
        .description(help)
        .tags(labels)
        .strongReference(true)
        .register(registry);
  }

  /// Everything, in Prometheus' text form.
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
