package dev.agentserver.e2e.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.User;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Many who follow one conversation: three of four over gRPC, the others by server-sent events.
final class Crowd implements AutoCloseable {
  private static final int STREAMS_A_CONNECTION = 100;
  private static final int WINDOW = 64 * 1024;
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final URI url;
  private final User user;
  private final String conversation;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final List<Viewer> viewers = new ArrayList<>();

  Crowd(URI url, User user, String conversation) {
    this.url = url;
    this.user = user;
    this.conversation = conversation;
  }

  /// Some more of them, not started yet.
  List<Viewer> more(int count) {
    var more = new ArrayList<Viewer>();
    for (var i = 0; i < count; i++) {
      if (i % STREAMS_A_CONNECTION == 0) {
        channels.add(connect());
      }
      more.add(i % 4 == 0 ? new SseViewer(user, conversation) : overGrpc());
    }
    viewers.addAll(more);
    return more;
  }

  private Viewer overGrpc() {
    var headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + user.token());
    var authorized = MetadataUtils.newAttachHeadersInterceptor(headers);
    return new GrpcViewer(
        ClientInterceptors.intercept(channels.getLast(), authorized), conversation);
  }

  private ManagedChannel connect() {
    return NettyChannelBuilder.forAddress(url.getHost(), url.getPort())
        .usePlaintext()
        .flowControlWindow(WINDOW)
        .build();
  }

  static void start(List<Viewer> viewers) throws IOException, InterruptedException {
    for (var viewer : viewers) {
      viewer.start(0);
    }
  }

  /// Waits until they have come so far, and have got the same.
  static void awaitAll(List<Viewer> viewers, long seq) {
    Await.until(
        "all have come to " + seq,
        LIMIT,
        () -> viewers.stream().allMatch(each -> each.last() >= seq || each.violation() != null));
    assertThat(viewers.stream().map(Viewer::violation)).containsOnlyNulls();
    assertThat(sums(viewers, GrpcViewer.class::isInstance)).hasSize(1);
    assertThat(sums(viewers, SseViewer.class::isInstance)).hasSize(1);
  }

  private static List<Long> sums(List<Viewer> viewers, Predicate<Viewer> kind) {
    return viewers.stream().filter(kind).map(Viewer::sum).distinct().toList();
  }

  @Override
  public void close() {
    viewers.forEach(Viewer::close);
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
