package dev.agentserver.worker.reference;

import java.util.concurrent.CountDownLatch;

/// The reference worker as a process of its own, until a signal ends it.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws InterruptedException {
    var config = Config.from(System.getenv());
    var worker = ReferenceWorker.alone(config);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(worker::close));
    System.out.println("ready " + config.name());
    new CountDownLatch(1).await();
  }
}
