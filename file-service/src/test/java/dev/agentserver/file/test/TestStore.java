package dev.agentserver.file.test;

import dev.agentserver.file.s3.S3Config;
import dev.agentserver.file.s3.S3ObjectStore;
import dev.agentserver.kit.config.Secret;
import dev.agentserver.objectstore.EmbeddedObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// A real S3 server, one for all tests of this JVM: the embedded one, or another that the system
/// properties `file.s3.endpoint`, `file.s3.access-key` and `file.s3.secret-key` name.
public final class TestStore {
  public static final String ACCESS_KEY = System.getProperty("file.s3.access-key", "test-access");
  public static final String SECRET_KEY =
      System.getProperty("file.s3.secret-key", "test-secret-of-this-build");

  private static final AtomicInteger BUCKETS = new AtomicInteger();

  private TestStore() {}

  public static URI endpoint() {
    var other = System.getProperty("file.s3.endpoint");
    return other == null ? Embedded.SERVER.endpoint() : URI.create(other);
  }

  /// The same server under another name, as clients outside know it: `file.s3.public-endpoint`
  /// names it where it is not on this machine.
  public static URI publicEndpoint() {
    var local = endpoint().toString().replace("127.0.0.1", "localhost");
    return URI.create(System.getProperty("file.s3.public-endpoint", local));
  }

  /// Whether what is looked at lies on this machine's disk.
  public static boolean isEmbedded() {
    return System.getProperty("file.s3.endpoint") == null;
  }

  /// A configuration with a bucket of its own.
  public static S3Config config() {
    return config(endpoint(), publicEndpoint());
  }

  public static S3Config config(URI endpoint, URI publicEndpoint) {
    return config(endpoint, publicEndpoint, SECRET_KEY);
  }

  public static S3Config config(URI endpoint, URI publicEndpoint, String secretKey) {
    return new S3Config(
        endpoint,
        publicEndpoint,
        "us-east-1",
        "test-%d-%d".formatted(ProcessHandle.current().pid(), BUCKETS.incrementAndGet()),
        ACCESS_KEY,
        new Secret(secretKey),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        4,
        Duration.ofSeconds(30));
  }

  /// A store with an empty bucket of its own.
  public static S3ObjectStore open() {
    return open(config());
  }

  public static S3ObjectStore open(S3Config config) {
    var store = new S3ObjectStore(config, Clock.systemUTC());
    store.prepare().ifPresent(TestStore::fail);
    return store;
  }

  private static void fail(String fault) {
    throw new IllegalStateException("the store is not there: " + fault);
  }

  private static final class Embedded {
    static final EmbeddedObjectStore SERVER = start();

    private static EmbeddedObjectStore start() {
      try {
        var directory = Files.createTempDirectory("objects");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Trees.delete(directory)));
        return EmbeddedObjectStore.start(directory, 0, ACCESS_KEY, SECRET_KEY);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }
}
