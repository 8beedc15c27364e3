package dev.agentserver.e2e.server;

import static java.net.URLEncoder.encode;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;

/// `./agentctl`, without building first: against a server, with somebody's credential, and a legacy
/// database where one is named.
public final class Agentctl {
  private static final String MAIN = "dev.agentserver.commandline.Agentctl";

  private final Map<String, String> environment;
  private final List<String> options;

  private Agentctl(Map<String, String> environment, List<String> options) {
    this.environment = environment;
    this.options = options;
  }

  /// What a command ended with, and all it said.
  public record Said(int code, String text) {}

  public static Agentctl of(Server server, String credential) {
    return new Agentctl(
        Map.of(
            "AGENTSERVER_URL",
            server.url().toString(),
            "AGENTSERVER_API_KEY",
            credential,
            "LEGACY_DB_USER",
            "postgres",
            "LEGACY_DB_PASSWORD",
            Database.of(server).password()),
        List.of("--server", server.url().toString(), "--key-file", file(credential).toString()));
  }

  /// With an environment of these variables and nothing else.
  public static Agentctl alone(Map<String, String> environment) {
    return new Agentctl(environment, List.of());
  }

  private static Path file(String credential) {
    try {
      var file = Files.createTempFile("agentctl", ".key");
      file.toFile().deleteOnExit();
      return Files.writeString(file, credential);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Runs a command that calls the server to its end, in this process: to start one for each costs
  /// more than most commands.
  public Said run(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(options);
    var said = new StringWriter();
    var out = new PrintWriter(said, true);
    var tool = ToolProvider.findFirst("agentctl").orElseThrow();
    return new Said(tool.run(out, out, all.toArray(String[]::new)), said.toString());
  }

  /// Starts a command in a process of its own, which can be killed.
  public Part start(String... arguments) {
    return Part.start("agentctl", CommandLine.quick(MAIN, arguments), environment);
  }

  /// How a legacy database is named on the command line.
  public static String url(Database database) {
    return database.url() + "?user=postgres&password=" + encode(database.password(), UTF_8);
  }
}
