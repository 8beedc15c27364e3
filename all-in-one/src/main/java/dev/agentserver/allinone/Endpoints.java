package dev.agentserver.allinone;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.agentserver.allinone.data.PrivateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where everything listens, written to `<data>/endpoints.json` while it runs: `{"gateway",
/// "admin", "services": {name: {"grpc", "admin", "http"}}, "flagd", "postgres",
/// "objects"}`.
///
/// @param flagd where flagd's clients need no credential
/// @param objects the object store, for S3 clients
record Endpoints(
    String gateway,
    String admin,
    Map<String, Service> services,
    String flagd,
    String postgres,
    String objects) {

  /// A service's own listeners by kind: "grpc", a target; "admin", the address of metrics and
  /// health; "http", that of its HTTP doors, if it has some.
  record Service(Map<String, String> listeners) {
    static Service onLoopback(int port, int adminPort) {
      return new Service(
          Map.of("grpc", "127.0.0.1:" + port, "admin", "http://127.0.0.1:" + adminPort));
    }

    Service withHttp(int port) {
      var more = new LinkedHashMap<>(listeners);
      more.put("http", "http://127.0.0.1:" + port);
      return new Service(more);
    }
  }

  /// Writes the file; closing what is returned removes it, so that it is never read for a process
  /// that is gone.
  AutoCloseable publish(Path file) {
    PrivateFile.write(file, json() + "\n");
    return () -> remove(file);
  }

  private String json() {
    var inner = new LinkedHashMap<String, Object>();
    services.forEach((name, service) -> inner.put(name, service.listeners()));
    var all = new LinkedHashMap<String, Object>();
    all.put("gateway", gateway);
    all.put("admin", admin);
    all.put("services", inner);
    all.put("flagd", flagd);
    all.put("postgres", postgres);
    all.put("objects", objects);
    return JSONObjectUtils.toJSONString(all);
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
