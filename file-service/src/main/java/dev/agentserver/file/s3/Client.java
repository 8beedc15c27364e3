package dev.agentserver.file.s3;

import io.minio.MinioAsyncClient;
import io.minio.errors.MinioException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;

/// The MinIO client with a time limit on every call. Its region is set, so that it never asks for
/// one.
final class Client implements AutoCloseable {
  private static final int CONNECTIONS = 256;
  private static final int IDLE_CONNECTIONS = 32;
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration IDLE = Duration.ofMinutes(1);

  private final OkHttpClient http;
  private final MinioAsyncClient minio;
  private final Started started;

  private Client(OkHttpClient http, MinioAsyncClient minio, Started started) {
    this.http = http;
    this.minio = minio;
    this.started = started;
  }

  /// For calls that are answered at once.
  static Client of(S3Config config) {
    var dispatcher = new Dispatcher(Executors.newVirtualThreadPerTaskExecutor());
    dispatcher.setMaxRequests(CONNECTIONS);
    dispatcher.setMaxRequestsPerHost(CONNECTIONS);
    var started = new Started();
    var http =
        new OkHttpClient.Builder()
            .dispatcher(dispatcher)
            .connectionPool(
                new ConnectionPool(IDLE_CONNECTIONS, IDLE.toSeconds(), TimeUnit.SECONDS))
            .eventListener(started)
            .connectTimeout(CONNECT)
            .readTimeout(config.timeout())
            .writeTimeout(config.timeout())
            .callTimeout(config.timeout())
            .followRedirects(false)
            .build();
    return new Client(http, minio(config.endpoint(), config, http), started);
  }

  /// The same, with other limits.
  ///
  /// @param call for a whole call; zero: for as long as bytes come
  /// @param silence for the time without a byte
  Client withLimits(S3Config config, Duration call, Duration silence) {
    var patient = http.newBuilder().callTimeout(call).readTimeout(silence).build();
    return new Client(patient, minio(config.endpoint(), config, patient), started);
  }

  /// Signs for the public endpoint, and connects to nothing.
  static MinioAsyncClient signer(S3Config config) {
    return minio(config.publicEndpoint(), config, new OkHttpClient());
  }

  private static MinioAsyncClient minio(URI endpoint, S3Config config, OkHttpClient http) {
    return MinioAsyncClient.builder()
        .endpoint(endpoint.toString())
        .region(config.region())
        .credentials(config.accessKey(), config.secretKey().value())
        .httpClient(http)
        .build();
  }

  /// Begins a call.
  <T> Pending<T> begin(Request<T> request) {
    started.forget();
    try {
      return new Pending<>(request.send(minio), started.last());
    } catch (MinioException failure) {
      return new Pending<>(CompletableFuture.failedFuture(failure), null);
    }
  }

  /// Makes a call. What fails is an ExecutionException: some failures are answers.
  <T> T call(Request<T> request) throws ExecutionException {
    return begin(request).join();
  }

  @Override
  public void close() {
    http.dispatcher().cancelAll();
    http.connectionPool().evictAll();
    http.dispatcher().executorService().shutdown();
  }

  /// One request to the store.
  @FunctionalInterface
  interface Request<T> {
    CompletableFuture<T> send(MinioAsyncClient client) throws MinioException;
  }

  /// Remembers for each thread the call that it began last, because the MinIO client does not hand
  /// it out, and only a call can be cancelled.
  private static final class Started extends EventListener {
    private final ThreadLocal<Call> last = new ThreadLocal<>();

    @Override
    public void callStart(Call call) {
      last.set(call);
    }

    Call last() {
      return last.get();
    }

    void forget() {
      last.remove();
    }
  }
}
