package dev.agentserver.e2e.interop;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// grpc-java's reference client, server and contracts. Their versions are not ours, so they have a
/// class loader, or a process, of their own, and are spoken to by name.
final class Reference {
  private static final Path CLASS_PATH = Path.of("..", "interop", "target", "class-path");
  private static final String PACKAGE = "io.grpc.testing.integration.";
  private static final String BACKEND_METRICS =
      "{\"loadBalancingConfig\": [{\"test_backend_metrics_load_balancer\": {}}]}";

  private static final ClassLoader CLASSES = classes();

  private Reference() {}

  static String classPath() {
    try {
      return Files.readString(CLASS_PATH).strip();
    } catch (IOException failure) {
      throw new UncheckedIOException("built by tests/interop", failure);
    }
  }

  private static ClassLoader classes() {
    var jars = Arrays.stream(classPath().split(File.pathSeparator)).map(Reference::url);
    return new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  private static URL url(String jar) {
    try {
      return Path.of(jar).toUri().toURL();
    } catch (MalformedURLException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// Runs a case of TestServiceClient, which throws where something is not as it should be.
  static void run(String testCase, int port) throws Throwable {
    var client = Class.forName(PACKAGE + "TestServiceClient", true, CLASSES);
    var made = client.getDeclaredConstructor().newInstance();
    var isOrca = testCase.startsWith("orca");
    if (isOrca) {
      balanceByBackendMetrics(client);
    }
    var config = isOrca ? BACKEND_METRICS : "{}";
    var arguments =
        new String[] {
          "--server_host=127.0.0.1",
          "--server_port=" + port,
          "--use_tls=false",
          "--service_config_json=" + config,
          "--test_case=" + testCase
        };
    call(client, made, "parseArgs", new Object[] {arguments}, String[].class);
    call(client, made, "setUp", new Object[0]);
    try {
      call(client, made, "run", new Object[0]);
    } finally {
      call(client, made, "tearDown", new Object[0]);
    }
  }

  /// What TestServiceClient does first when it is a program.
  private static void balanceByBackendMetrics(Class<?> client) throws Throwable {
    var type = Class.forName(PACKAGE + "CustomBackendMetricsLoadBalancerProvider", true, CLASSES);
    var constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    var provider = constructor.newInstance();
    var field = client.getDeclaredField("customBackendMetricsLoadBalancerProvider");
    field.setAccessible(true);
    field.set(null, provider);
    var registry = Class.forName("io.grpc.LoadBalancerRegistry", true, CLASSES);
    var all = call(registry, null, "getDefaultRegistry", new Object[0]);
    var providers = Class.forName("io.grpc.LoadBalancerProvider", true, CLASSES);
    call(registry, all, "register", new Object[] {provider}, providers);
  }

  /// The files of its contracts, each after those it imports.
  static List<FileDescriptorProto> contracts() {
    try {
      var files = new LinkedHashMap<String, FileDescriptorProto>();
      collect(descriptor(PACKAGE + "Test"), files);
      collect(descriptor("io.grpc.xds.shaded.com.github.xds.service.orca.v3.OrcaProto"), files);
      return List.copyOf(files.values());
    } catch (Throwable failure) {
      throw new AssertionError(failure);
    }
  }

  private static Object descriptor(String name) throws Throwable {
    return call(Class.forName(name, true, CLASSES), null, "getDescriptor", new Object[0]);
  }

  private static void collect(Object file, Map<String, FileDescriptorProto> files)
      throws Throwable {
    for (var each : (List<?>) of(file, "getDependencies")) {
      collect(each, files);
    }
    var proto = parse((byte[]) of(of(file, "toProto"), "toByteArray"));
    files.put(proto.getName(), proto);
  }

  private static FileDescriptorProto parse(byte[] proto) throws InvalidProtocolBufferException {
    return FileDescriptorProto.parseFrom(proto);
  }

  private static Object of(Object object, String method) throws Throwable {
    return object.getClass().getMethod(method).invoke(object);
  }

  private static Object call(
      Class<?> type, Object target, String name, Object[] arguments, Class<?>... parameters)
      throws Throwable {
    var method = type.getDeclaredMethod(name, parameters);
    method.setAccessible(true);
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }
}
