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
/// "admin", "services": {name: {"grpc", "admin"}}, "flagd", "postgres"}`.
///
/// @param flagd where flagd's clients need no credential
record Endpoints(
    String gateway, String admin, Map<String, Service> services, String flagd, String postgres) {

  /// A service's own listeners: a gRPC target, and the address of metrics and health.
  record Service(String grpc, String admin) {
    static Service onLoopback(int port, int adminPort) {
      return new Service("127.0.0.1:" + port, "http://127.0.0.1:" + adminPort);
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
    services.forEach(
        (name, service) ->
            inner.put(name, Map.of("grpc", service.grpc(), "admin", service.admin())));
    var all = new LinkedHashMap<String, Object>();
    all.put("gateway", gateway);
    all.put("admin", admin);
    all.put("services", inner);
    all.put("flagd", flagd);
    all.put("postgres", postgres);
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
