package dev.agentserver.e2e.server;

import dev.agentserver.e2e.client.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Comparator;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives ordinary tests the one server they share: one for each JVM that runs tests, which starts
/// when first asked for and ends with the JVM. What they leave behind refers to nothing that is not
/// there: that is looked at when all of them are done.
public final class SharedServer implements ParameterResolver {
  private static final class Holder {
    static final Server SERVER = start();
  }

  /// Closed after the last test.
  private record Links(Server server) implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Override
    public void close() {
      Await.until("no link leads nowhere", SOON, () -> Verification.of(server).code() == 0);
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Server.class;
  }

  @Override
  public Server resolveParameter(ParameterContext parameter, ExtensionContext context) {
    context
        .getRoot()
        .getStore(Namespace.create(SharedServer.class))
        .computeIfAbsent(Links.class, _ -> new Links(Holder.SERVER));
    return Holder.SERVER;
  }

  private static Server start() {
    try {
      var server = Server.shared(Files.createTempDirectory("agentserver-e2e-"));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server)));
      return server;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Stops one whose data nobody needs any more.
  static void end(Server server) {
    server.stop();
    try (var files = Files.walk(server.data())) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
