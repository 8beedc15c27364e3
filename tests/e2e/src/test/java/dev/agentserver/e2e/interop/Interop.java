package dev.agentserver.e2e.interop;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.agentserver.common.v1.AnnotationsProto;
import dev.agentserver.common.v1.Policy;
import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.server.FreePort;
import dev.agentserver.e2e.server.Logs;
import dev.agentserver.e2e.server.Service;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The gateway in front of grpc-java's TestServiceServer, each in a process of its own. To the
/// gateway that is one more contract, of which everything is public.
final class Interop implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Policy PUBLIC = Policy.newBuilder().setPermission("public").build();

  private final Process server;
  private final Service gateway;

  private Interop(Process server, Service gateway) {
    this.server = server;
    this.gateway = gateway;
  }

  static Interop start() throws IOException {
    var directory = Logs.directory();
    var set = Files.createTempFile(directory, "interop", ".binpb");
    Files.write(set, contracts().toByteArray());
    int port = FreePort.find();
    var server = server(port, directory.resolve("interop.log"));
    var target = "static:127.0.0.1:" + port;
    var gateway =
        new Service(
            "dev.agentserver.gateway.Main",
            Map.of(
                "DESCRIPTOR_SET",
                set.toAbsolutePath().toString(),
                "UPSTREAMS",
                "grpc.testing=%s;xds.service.orca.v3=%s".formatted(target, target),
                "MAX_BODY_BYTES",
                Integer.toString(64 << 20)));
    gateway.start();
    Await.until("TestServiceServer listens", START, () -> FreePort.isTaken(port));
    gateway.awaitListening();
    return new Interop(server, gateway);
  }

  private static Process server(int port, Path log) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xmx512m",
            "-cp",
            Reference.classPath(),
            "io.grpc.testing.integration.TestServiceServer",
            "--port=" + port,
            "--use_tls=false")
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /// The contracts of the server, with what the gateway wants to know of each method.
  static FileDescriptorSet contracts() {
    var set = FileDescriptorSet.newBuilder();
    List<FileDescriptorProto> files = Reference.contracts();
    for (var file : files) {
      var open = file.toBuilder();
      for (var service : open.getServiceBuilderList()) {
        service
            .getMethodBuilderList()
            .forEach(
                method -> method.getOptionsBuilder().setExtension(AnnotationsProto.policy, PUBLIC));
      }
      set.addFile(open);
    }
    return set.build();
  }

  URI url() {
    return gateway.url();
  }

  @Override
  public void close() {
    gateway.close();
    server.destroyForcibly();
  }
}
