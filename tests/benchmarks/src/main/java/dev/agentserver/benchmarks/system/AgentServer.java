package dev.agentserver.benchmarks.system;

import static java.util.stream.Collectors.joining;

import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What is measured: everything that `./run` starts, on a fresh data directory, with durable
/// commits.
///
/// @param gateway where REST, gRPC-Web and gRPC are answered
/// @param conversation where conversation-service answers gRPC itself
/// @param settings the same of settings-service
/// @param agentRun the same of agent-run-service
/// @param file the same of file-service
/// @param objects where the object store answers
/// @param doors where settings-service answers HTTP itself
public record AgentServer(
    Child child,
    Path data,
    URI gateway,
    URI conversation,
    URI settings,
    URI agentRun,
    URI file,
    URI objects,
    URI doors,
    Postgres postgres)
    implements AutoCloseable {
  private static final Pattern LISTENS = Pattern.compile("listening on port (\\d+)");
  private static final Pattern SERVES = Pattern.compile("serves .* on port (\\d+)");

  public static AgentServer start(Path directory) {
    try {
      var data = Files.createTempDirectory(Files.createDirectories(directory), "data-");
      var log = directory.resolve("server.log");
      var child =
          Child.java(
              log,
              classPath(directory.getParent()),
              Map.of("RATE_LIMITS", "none", "FILE_FORM_MAX_MIB", "100"),
              Child.READY,
              "dev.agentserver.allinone.Main",
              "--port",
              "0",
              "--data",
              data.toString());
      var endpoints = Struct.newBuilder();
      JsonFormat.parser().merge(Files.readString(data.resolve("endpoints.json")), endpoints);
      var url = endpoints.getFieldsOrThrow("postgres").getStringValue();
      return new AgentServer(
          child,
          data,
          URI.create(child.address()),
          URI.create("http://" + service(endpoints, "conversation-service", "grpc")),
          URI.create("http://" + service(endpoints, "settings-service", "grpc")),
          URI.create("http://" + service(endpoints, "agent-run-service", "grpc")),
          URI.create("http://" + service(endpoints, "file-service", "grpc")),
          URI.create(endpoints.getFieldsOrThrow("objects").getStringValue()),
          URI.create(service(endpoints, "settings-service", "http")),
          Postgres.of(data.resolve("postgres"), url));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String service(Struct.Builder endpoints, String name, String listener) {
    return endpoints
        .getFieldsOrThrow("services")
        .getStructValue()
        .getFieldsOrThrow(name)
        .getStructValue()
        .getFieldsOrThrow(listener)
        .getStringValue();
  }

  /// Another process of conversation-service on the same database.
  ///
  /// @param doorbell whether events of other processes are told to it
  public Child replica(boolean doorbell) {
    return conversationService(postgres, doorbell ? "told" : "looking", doorbell);
  }

  /// A conversation-service with a database of its own, in the same PostgreSQL.
  public Grown grown(String name) {
    var own = postgres.fresh(name);
    return new Grown(conversationService(own, name, true), own);
  }

  private Child conversationService(Postgres on, String name, boolean doorbell) {
    var work = data.getParent();
    return Child.java(
        work.resolve("replica-%s.log".formatted(name)),
        classPath(work.getParent()),
        Map.ofEntries(
            Map.entry("HOST", "127.0.0.1"),
            Map.entry("PORT", "0"),
            Map.entry("ADMIN_PORT", "0"),
            Map.entry("LOG_JSON", "false"),
            Map.entry("DB_URL", on.jdbc()),
            Map.entry("DB_USER", Postgres.USER),
            Map.entry("DB_PASSWORD", on.password()),
            Map.entry("DB_OWNER_USER", Postgres.USER),
            Map.entry("DB_OWNER_PASSWORD", on.password()),
            Map.entry("ACCESS_TARGET", "static:" + settings.getAuthority()),
            Map.entry("EVENTS_DOORBELL", Boolean.toString(doorbell))),
        SERVES,
        "dev.agentserver.conversation.Main");
  }

  /// A gateway in a process of its own.
  ///
  /// @param conversation what it takes for conversation-service
  public Child gateway(URI conversation) {
    var work = data.getParent();
    return Child.java(
        work.resolve("gateway.log"),
        classPath(work.getParent()),
        Map.of(
            "HOST", "127.0.0.1",
            "PORT", "0",
            "ADMIN_PORT", "0",
            "LOG_JSON", "false",
            "RATE_LIMITS", "none",
            "ACCESS_TARGET", "static:" + settings.getAuthority(),
            "UPSTREAMS", "agentserver.conversation.v1=static:" + conversation.getAuthority()),
        LISTENS,
        "dev.agentserver.gateway.Main");
  }

  /// Ours, without the benchmarks' own classes, which are built where they work.
  private static String classPath(Path work) {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !Path.of(entry).toAbsolutePath().startsWith(work))
        .collect(joining(File.pathSeparator));
  }

  /// The key of the tenant's owner.
  public String key() {
    return read("development-key");
  }

  /// The secret key of the object store.
  public String objectsKey() {
    return read("objects-key");
  }

  private String read(String file) {
    try {
      return Files.readString(data.resolve(file)).strip();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    child.close();
    try (var files = Files.walk(data)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
