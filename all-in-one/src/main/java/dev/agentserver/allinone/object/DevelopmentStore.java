package dev.agentserver.allinone.object;

import dev.agentserver.allinone.data.StartFailure;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.objectstore.EmbeddedObjectStore;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// The object store: the embedded one, with its objects in a directory, unless the environment
/// names another by FILE_S3_ENDPOINT. It starts beside everything else, because only file-service
/// waits for it.
public final class DevelopmentStore implements AutoCloseable {
  private static final String ENDPOINT = "FILE_S3_ENDPOINT";
  private static final String ACCESS_KEY = "agentserver";

  private final String secretKey;
  private final @Nullable String foreign;
  private final @Nullable CompletableFuture<EmbeddedObjectStore> embedded;

  private DevelopmentStore(
      String secretKey,
      @Nullable String foreign,
      @Nullable CompletableFuture<EmbeddedObjectStore> embedded) {
    this.secretKey = secretKey;
    this.foreign = foreign;
    this.embedded = embedded;
  }

  /// Begins to start it.
  ///
  /// @param port 0 for a free one
  public static DevelopmentStore start(
      Path directory, int port, String secretKey, Environment environment) {
    var foreign = environment.text(ENDPOINT, "");
    if (!foreign.isEmpty()) {
      return new DevelopmentStore(secretKey, foreign, null);
    }
    return new DevelopmentStore(
        secretKey,
        null,
        CompletableFuture.supplyAsync(
            () -> EmbeddedObjectStore.start(directory, port, ACCESS_KEY, secretKey),
            Thread::startVirtualThread));
  }

  /// Waits until it is there, and says where.
  public String endpoint() {
    if (embedded == null) {
      return foreign;
    }
    try {
      return embedded.join().endpoint().toString();
    } catch (CompletionException failure) {
      throw new StartFailure(
          "The object store does not start: " + failure.getCause().getMessage(), failure);
    }
  }

  /// What file-service is to be told; nothing where the environment tells it.
  public Map<String, String> ofFiles() {
    return embedded == null
        ? Map.of()
        : Map.of(
            ENDPOINT,
            endpoint(),
            "FILE_S3_ACCESS_KEY",
            ACCESS_KEY,
            "FILE_S3_SECRET_KEY",
            secretKey,
            "FILE_S3_SECRET_KEY_FILE",
            "");
  }

  @Override
  public void close() {
    if (embedded != null && !embedded.isCompletedExceptionally()) {
      embedded.join().close();
    }
  }
}
