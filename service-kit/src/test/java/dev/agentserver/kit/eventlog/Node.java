package dev.agentserver.kit.eventlog;

import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.test.TestDatabase;
import io.micrometer.core.instrument.Measurement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/// What one process of a service has: a pool, a table and an event log.
record Node(TestDatabase db, Database database, Metrics metrics, Lines lines, EventLog<Line> log)
    implements AutoCloseable {
  static final Duration LONG = Duration.ofSeconds(60);

  static Node start(TestDatabase db, EventLogLimits limits) {
    return start(db, db.config(), limits);
  }

  static Node start(TestDatabase db, DatabaseConfig config, EventLogLimits limits) {
    var database = Database.open(config);
    var metrics = new Metrics("test");
    var lines = new Lines();
    var log = EventLog.open("lines", config, database, lines, metrics, limits);
    return new Node(db, database, metrics, lines, log);
  }

  /// A new stream.
  StreamKey stream() {
    var stream = new StreamKey(UUID.randomUUID(), UUID.randomUUID());
    db.sql("insert into stream values ('%s', '%s')".formatted(stream.tenantId(), stream.id()));
    return stream;
  }

  /// Appends each text in a transaction of its own.
  void append(StreamKey stream, String... texts) {
    for (var text : texts) {
      appendAll(stream, List.of(text));
    }
  }

  /// Appends all in one transaction.
  void appendAll(StreamKey stream, List<String> texts) {
    database.write(
        context -> {
          texts.forEach(text -> log.appended(context, stream, lines.append(context, stream, text)));
          return true;
        });
  }

  /// Appends as a process does that dies before it can ring.
  void appendSilently(StreamKey stream, String text) {
    database.write(context -> lines.append(context, stream, text));
  }

  /// Removes what is compacted, all but the lines whose text begins with `keep`.
  void compact(StreamKey stream, long through) {
    db.sql(
        """
        update stream set compacted_through = %1$d where id = '%2$s';
        delete from line where id = '%2$s' and seq <= %1$d and text not like 'keep%%';
        """
            .formatted(through, stream.id()));
  }

  /// The sum of a metric over its labels.
  double metric(String name) {
    return metrics.registry().get(name).meters().stream()
        .flatMap(meter -> StreamSupport.stream(meter.measure().spliterator(), false))
        .mapToDouble(Measurement::getValue)
        .sum();
  }

  @Override
  public void close() {
    log.close();
    database.close();
    metrics.close();
  }
}
