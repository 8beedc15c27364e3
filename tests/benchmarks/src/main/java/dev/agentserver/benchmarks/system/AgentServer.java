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
import java.util.stream.Stream;

/// What is measured: everything that `./run` starts, on a fresh data directory, with durable
/// commits.
///
/// @param gateway where REST, gRPC-Web and gRPC are answered
/// @param conversation where conversation-service answers gRPC itself
public record AgentServer(Child child, Path data, URI gateway, URI conversation, Postgres postgres)
    implements AutoCloseable {

  public static AgentServer start(Path directory) {
    try {
      var data = Files.createTempDirectory(Files.createDirectories(directory), "data-");
      var log = directory.resolve("server.log");
      var child =
          Child.java(
              log,
              classPath(directory.getParent()),
              "dev.agentserver.allinone.Main",
              "--port",
              "0",
              "--data",
              data.toString());
      var endpoints = Struct.newBuilder();
      JsonFormat.parser().merge(Files.readString(data.resolve("endpoints.json")), endpoints);
      var service =
          endpoints
              .getFieldsOrThrow("services")
              .getStructValue()
              .getFieldsOrThrow("conversation-service")
              .getStructValue()
              .getFieldsOrThrow("grpc")
              .getStringValue();
      var url = endpoints.getFieldsOrThrow("postgres").getStringValue();
      return new AgentServer(
          child,
          data,
          URI.create(child.address()),
          URI.create("http://" + service),
          Postgres.of(data.resolve("postgres"), url));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Ours, without the benchmarks' own classes, which are built where they work.
  private static String classPath(Path work) {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !Path.of(entry).toAbsolutePath().startsWith(work))
        .collect(joining(File.pathSeparator));
  }

  /// The key of the tenant's owner.
  public String key() {
    try {
      return Files.readString(data.resolve("development-key")).strip();
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
