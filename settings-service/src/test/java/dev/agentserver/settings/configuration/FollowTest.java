package dev.agentserver.settings.configuration;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.test.Await;
import dev.agentserver.settings.Harness;
import dev.agentserver.settings.Person;
import dev.agentserver.settings.v1.Config;
import dev.agentserver.settings.v1.ConfigurationServiceGrpc;
import dev.agentserver.settings.v1.DeleteSettingDefinitionRequest;
import dev.agentserver.settings.v1.PollConfigRequest;
import dev.agentserver.settings.v1.Setting;
import dev.agentserver.settings.v1.SettingType;
import dev.agentserver.settings.v1.WatchConfigRequest;
import dev.agentserver.settings.v1.WatchConfigResponse;
import io.grpc.Context;
import io.grpc.Status.Code;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FollowTest extends ConfigTest {
  @Override
  protected Map<String, String> variables() {
    return Map.of("STREAM_HEARTBEAT", "50ms");
  }

  @BeforeEach
  void define() {
    define(definition("a", SettingType.SETTING_TYPE_INT));
  }

  /// Somebody who watches, and everything they were sent.
  private static final class Watcher implements AutoCloseable {
    private final Context.CancellableContext context = Context.current().withCancellation();
    private final List<WatchConfigResponse> seen = new CopyOnWriteArrayList<>();

    static Watcher of(Person person, WatchConfigRequest request) {
      var watcher = new Watcher();
      var stub = ConfigurationServiceGrpc.newBlockingStub(person.channel());
      Thread.ofVirtual()
          .start(
              watcher.context.wrap(
                  () -> {
                    try {
                      stub.watchConfig(request).forEachRemaining(watcher.seen::add);
                    } catch (io.grpc.StatusRuntimeException _) {
                      // Closed.
                    }
                  }));
      Await.until("the stream is open", () -> !watcher.seen.isEmpty());
      return watcher;
    }

    /// The revisions, heartbeats apart.
    List<Long> revisions() {
      return seen.stream()
          .filter(WatchConfigResponse::hasCreatedAt)
          .map(WatchConfigResponse::getRevision)
          .toList();
    }

    void await(long revision) {
      Await.until("revision " + revision, () -> revisions().contains(revision));
    }

    @Override
    public void close() {
      context.cancel(null);
    }
  }

  private static WatchConfigRequest after(long revision) {
    return WatchConfigRequest.newBuilder()
        .setAfterRevision(revision)
        .setEnvironment("prod")
        .build();
  }

  @Test
  void everyRevisionIsSeenOnceAndInOrder() {
    try (var early = Watcher.of(owner, after(0));
        var now = Watcher.of(owner, after(1))) {
      LongStream.rangeClosed(2, 40).forEach(i -> set("a", Long.toString(i)));
      early.await(40);
      now.await(40);
      assertThat(early.revisions())
          .containsExactlyElementsOf(LongStream.rangeClosed(1, 40).boxed().toList());
      assertThat(now.revisions())
          .containsExactlyElementsOf(LongStream.rangeClosed(2, 40).boxed().toList());
      assertThat(
              now.seen.stream()
                  .filter(WatchConfigResponse::hasCreatedAt) // others are signs of life
                  .flatMap(each -> each.getSettingsList().stream())
                  .map(Setting::getValue))
          .endsWith("40");
    }
  }

  @Test
  void aWatchWithoutARevisionBeginsWithEverySetting() {
    set("a", "1");
    try (var watcher = Watcher.of(owner, WatchConfigRequest.getDefaultInstance())) {
      var first = watcher.seen.getFirst();
      assertThat(first.getRevision()).isEqualTo(2);
      assertThat(first.getSettingsList()).extracting(Setting::getKey).containsExactly("a");
      definitions.deleteSettingDefinition(
          DeleteSettingDefinitionRequest.newBuilder().setKey("a").build());
      watcher.await(3);
      var last =
          watcher.seen.stream()
              .filter(each -> each.getRevision() == 3 && each.hasCreatedAt())
              .findFirst()
              .orElseThrow();
      assertThat(last.getRemovedList()).containsExactly("a");
      Await.until(
          "a heartbeat",
          () ->
              watcher.seen.getLast().getRevision() == 3 && !watcher.seen.getLast().hasCreatedAt());
    }
  }

  @Test
  void aRevisionThatNeverWasCannotBeFollowed() {
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () -> config.watchConfig(after(9)).forEachRemaining(_ -> {}));
  }

  @Test
  void aPollAnswersAtTheNextRevisionOrAtItsEnd() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = threads.submit(() -> poll(owner, 1, 30));
      set("a", "2");
      var told = waiting.get();
      assertThat(told.getRevision()).isEqualTo(2);
      assertThat(told.getSettings(0).getValue()).isEqualTo("2");
    }
    assertThat(poll(owner, 2, 0).getRevision()).isEqualTo(2);
    assertThat(poll(owner, 1, 30).getRevision()).isEqualTo(2);
    assertThat(poll(owner, 99, 30).getRevision()).isEqualTo(2);
  }

  private static Config poll(Person person, long after, int seconds) {
    return ConfigurationServiceGrpc.newBlockingStub(person.channel())
        .pollConfig(
            PollConfigRequest.newBuilder()
                .setAfterRevision(after)
                .setEnvironment("prod")
                .setWait(com.google.protobuf.Duration.newBuilder().setSeconds(seconds))
                .build());
  }

  @Test
  void anotherProcessTellsItToo() {
    try (var other = service.replica(Map.of())) {
      follow(other);
    }
  }

  /// The bell between the processes is taken away: only the look at the state is left.
  @Test
  void aLostNotificationIsMadeUpFor() {
    try (var other = service.replica(Map.of("EVENTS_DOORBELL", "false"))) {
      follow(other);
    }
  }

  private void follow(Harness other) {
    var there = other.as(owner.caller());
    assertThat(poll(there, 0, 0).getRevision()).isEqualTo(1);
    try (var watcher = Watcher.of(there, after(1))) {
      set("a", "2");
      watcher.await(2);
      var told = watcher.seen.stream().filter(WatchConfigResponse::hasCreatedAt).findFirst();
      assertThat(told.orElseThrow().getSettings(0).getValue()).isEqualTo("2");
      set("a", "3");
      Await.until(
          "the snapshot is the newest",
          () -> poll(there, 2, 0).getSettings(0).getValue().equals("3"));
    }
  }
}
