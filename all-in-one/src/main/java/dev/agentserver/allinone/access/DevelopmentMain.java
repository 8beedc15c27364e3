package dev.agentserver.allinone.identity;

import dev.agentserver.allinone.data.StartFailure;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.observe.Logging;
import java.util.concurrent.CountDownLatch;

/// Starts the development identity in a process of its own, for docker-compose.yml.
public final class IdentityMain {
  private IdentityMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    var environment = Environment.system();
    Logging.configure(environment.text("LOG_LEVEL", "INFO"), environment.flag("LOG_JSON", true));
    try {
      var server = IdentityServer.start(IdentityConfig.from(environment));
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(server::close));
    } catch (StartFailure failure) {
      System.err.println(failure.getMessage());
      System.exit(1);
    }
    new CountDownLatch(1).await(); // until a signal ends the process
  }
}
