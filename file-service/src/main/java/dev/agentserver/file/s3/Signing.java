package dev.agentserver.file.s3;

import io.minio.GetPresignedObjectUrlArgs;
import io.minio.Http;
import io.minio.MinioAsyncClient;
import io.minio.errors.MinioException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/// URLs that carry the right to one request, for a while. The host is part of the signature, so
/// the client is one of the public endpoint.
final class Signing {
  private final MinioAsyncClient client;
  private final String bucket;

  Signing(MinioAsyncClient client, String bucket) {
    this.client = client;
    this.bucket = bucket;
  }

  URI put(String key, Duration validity) {
    return sign(Http.Method.PUT, key, validity, Map.of());
  }

  URI get(String key, Duration validity, String mediaType, String disposition) {
    return sign(
        Http.Method.GET,
        key,
        validity,
        Map.of("response-content-type", mediaType, "response-content-disposition", disposition));
  }

  private URI sign(
      Http.Method method, String key, Duration validity, Map<String, String> parameters) {
    try {
      return URI.create(
          client.getPresignedObjectUrl(
              GetPresignedObjectUrlArgs.builder()
                  .method(method)
                  .bucket(bucket)
                  .object(key)
                  .expiry(Math.toIntExact(validity.toSeconds()))
                  .extraQueryParams(parameters)
                  .build()));
    } catch (MinioException failure) {
      throw new IllegalStateException("a URL could not be signed", failure);
    }
  }
}
