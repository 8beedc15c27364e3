package dev.agentserver.kit.service;

import dev.agentserver.kit.erasure.Eraser;
import dev.agentserver.kit.erasure.ErasureLimits;
import dev.agentserver.kit.erasure.ErasurePeerRpc;
import dev.agentserver.kit.erasure.ErasureWorker;
import dev.agentserver.kit.erasure.Erasures;
import dev.agentserver.kit.erasure.RowStore;
import dev.agentserver.kit.grpc.ServicePeer;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.outbox.OutboxConsumer;
import dev.agentserver.kit.outbox.OutboxPeerRpc;
import java.time.Duration;

/// How a service honours the erasures that settings-service asks for.
public final class ErasureRuntime implements AutoCloseable {
  private static final String SETTINGS = "settings-service";
  private static final Duration SWEEP = Duration.ofHours(1);

  private final OutboxConsumer consumer;
  private final ErasureWorker worker;
  private final Periodic sweeper;

  private ErasureRuntime(
      KitRuntime kit,
      ServicePeer settings,
      String service,
      RowStore rows,
      Eraser eraser,
      ErasureLimits limits,
      Metrics metrics) {
    var database = kit.database();
    var erasures = new Erasures(database, limits, rows);
    this.worker = ErasureWorker.start(erasures, eraser, new ErasurePeerRpc(settings, service));
    var facts = new OutboxPeerRpc(settings, service);
    this.consumer = OutboxConsumer.start(database, SETTINGS, facts, erasures, metrics);
    this.sweeper = Periodic.start("applied-facts", SWEEP, consumer::sweep);
  }

  /// Starts; settings-service may come later.
  ///
  /// @param service the name it reports under
  /// @param rows all its tables
  public static ErasureRuntime open(
      KitRuntime kit,
      ServicePeer settings,
      String service,
      RowStore rows,
      Eraser eraser,
      ErasureLimits limits,
      Metrics metrics) {
    return new ErasureRuntime(kit, settings, service, rows, eraser, limits, metrics);
  }

  @Override
  public void close() {
    sweeper.close();
    consumer.close();
    worker.close();
  }
}
