package dev.agentserver.file.s3;

import dev.agentserver.file.object.SignedUrl;
import io.minio.GetPresignedObjectUrlArgs;
import io.minio.Http;
import io.minio.MinioAsyncClient;
import io.minio.Signer;
import io.minio.Time;
import io.minio.Utils;
import io.minio.errors.MinioException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;

/// URLs that carry the right to one request, for a while. The host is part of the signature, so
/// the client is one of the public endpoint.
final class Signing {
  private final S3Config config;
  private final MinioAsyncClient client;
  private final Clock clock;

  Signing(S3Config config, Clock clock) {
    this.config = config;
    this.client = Client.signer(config);
    this.clock = clock;
  }

  /// The length is part of the signature too: the store takes no byte more or less. The client
  /// signs none by itself, so that only the place is asked of it, and its signer does the rest.
  SignedUrl put(String key, long length, Duration validity) {
    var place =
        HttpUrl.get(sign(Http.Method.PUT, key, validity, Map.of()))
            .newBuilder()
            .query(null)
            .build();
    var now = clock.instant();
    var request =
        new Request.Builder()
            .url(place)
            .header(Http.Headers.HOST, Utils.getHostHeader(place))
            .header(
                Http.Headers.X_AMZ_DATE,
                ZonedDateTime.ofInstant(now, Time.UTC).format(Time.AMZ_DATE_FORMAT))
            .header(Http.Headers.CONTENT_LENGTH, Long.toString(length))
            .put(RequestBody.create(new byte[0]))
            .build();
    try {
      var signed =
          Signer.presignV4(
              request,
              config.region(),
              config.accessKey(),
              config.secretKey().value(),
              seconds(validity));
      return new SignedUrl(signed.uri(), now.plus(validity));
    } catch (MinioException failure) {
      throw unsigned(failure);
    }
  }

  SignedUrl get(String key, Duration validity, String mediaType, String disposition) {
    var expiresAt = clock.instant().plus(validity);
    var headers =
        Map.of("response-content-type", mediaType, "response-content-disposition", disposition);
    return new SignedUrl(URI.create(sign(Http.Method.GET, key, validity, headers)), expiresAt);
  }

  private String sign(
      Http.Method method, String key, Duration validity, Map<String, String> parameters) {
    try {
      return client.getPresignedObjectUrl(
          GetPresignedObjectUrlArgs.builder()
              .method(method)
              .bucket(config.bucket())
              .object(key)
              .expiry(seconds(validity))
              .extraQueryParams(parameters)
              .build());
    } catch (MinioException failure) {
      throw unsigned(failure);
    }
  }

  private static int seconds(Duration validity) {
    return Math.toIntExact(validity.toSeconds());
  }

  private static RuntimeException unsigned(MinioException failure) {
    return new IllegalStateException("a URL could not be signed", failure);
  }
}
