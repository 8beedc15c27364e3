package dev.agentserver.benchmarks.load;

import io.minio.GetObjectArgs;
import io.minio.MinioAsyncClient;
import io.minio.PutObjectAPIArgs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;

/// The MinIO client alone: one PUT to the store that file-service keeps its objects in.
public final class StoreFiles implements FileWay {
  private static final String BUCKET = "agentserver";
  private static final String KEY = "benchmarks/object";

  private final MinioAsyncClient client;

  public StoreFiles(URI store, String secretKey) {
    client =
        MinioAsyncClient.builder()
            .endpoint(store.toString())
            .region("us-east-1")
            .credentials("agentserver", secretKey)
            .build();
  }

  @Override
  public String put(byte[] bytes) {
    client
        .putObject(
            PutObjectAPIArgs.builder().bucket(BUCKET).object(KEY).data(bytes, bytes.length).build())
        .join();
    return KEY;
  }

  @Override
  public long get(String id) {
    try (var content =
        client.getObject(GetObjectArgs.builder().bucket(BUCKET).object(id).build()).join()) {
      return FileBytes.drain(content);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void delete(String id) {
    // The next one is written in its place.
  }
}
