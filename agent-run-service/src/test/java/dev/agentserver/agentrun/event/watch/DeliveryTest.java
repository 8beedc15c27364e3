package dev.agentserver.agentrun.event.watch;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.Durations;
import dev.agentserver.agentrun.v1.ListConversationRunEventsRequest;
import dev.agentserver.agentrun.v1.NewRunEvent;
import dev.agentserver.agentrun.v1.RunEvent;
import dev.agentserver.agentrun.v1.RunEventServiceGrpc;
import dev.agentserver.agentrun.v1.WatchConversationRunsRequest;
import dev.agentserver.agentrun.v1.WatchRunRequest;
import dev.agentserver.agentrun.v1.WatchStart;
import io.grpc.Status.Code;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// The same sequence, whichever way it is asked for.
class DeliveryTest extends Scene {
  @Test
  void anEventIsReadBackUnchanged() {
    var run = runOf(session());
    var text = Value.newBuilder().setStringValue("a \"b\" \\ \u00e4 \ud83d\ude00").build();
    var written =
        NewRunEvent.newBuilder()
            .setId(UUID.randomUUID().toString())
            .setCategory(RunEvent.Category.CATEGORY_HOOK)
            .setKind("tool_call")
            .setLevel(RunEvent.Level.LEVEL_WARN)
            .setContent("two\nlines")
            .setPayload(Struct.newBuilder().putFields("text", text))
            .setStepKey("step-7")
            .setToolName("bash")
            .setToolInput(Value.newBuilder().setListValue(ListValue.newBuilder().addValues(text)))
            .setToolOutput(Value.newBuilder().setNumberValue(0.5))
            .setDurationMs(12)
            .build();
    assertThat(append(run, List.of(written))).containsExactly(1L);
    var read = listRun(run.id(), 0, 10).getFirst();
    assertThat(read.getSeq()).isEqualTo(1);
    assertThat(read.getRunId()).isEqualTo(run.id().toString());
    assertThat(read.hasCreatedAt()).isTrue();
    assertThat(asWritten(read)).isEqualTo(written);
  }

  @Test
  void listWatchAndLongPollGiveTheSameSequence() {
    var session = session();
    var one = runOf(session);
    var other = runOf(session);
    try (var live = follow(session, 0)) {
      for (var i = 0; i < 6; i++) {
        append(one, events(7));
        append(other, events(5));
      }
      var listed = list(session, 0, 7);
      assertThat(listed)
          .extracting(RunEvent::getSeq)
          .containsExactlyElementsOf(LongStream.rangeClosed(1, 72).boxed().toList());
      assertThat(live.nextEvents(72)).isEqualTo(listed);
      try (var start = follow(session, 0);
          var middle = follow(session, 40)) {
        assertThat(start.nextEvents(72)).isEqualTo(listed);
        assertThat(middle.nextEvents(32)).isEqualTo(listed.subList(40, 72));
      }
      assertThat(polled(session)).isEqualTo(listed);
      var ofOne = listed.stream().filter(e -> e.getRunId().equals(one.id().toString())).toList();
      assertThat(ofOne).hasSize(42);
      assertThat(listRun(one.id(), 0, 9)).isEqualTo(ofOne);
      try (var run = followRun(one.id(), 0);
          var later = followRun(one.id(), ofOne.get(20).getSeq())) {
        assertThat(run.nextEvents(42)).isEqualTo(ofOne);
        assertThat(later.nextEvents(21)).isEqualTo(ofOne.subList(21, 42));
      }
    }
  }

  @Test
  void aLongPollWaitsForItsOwnRunAndIsNotAnsweredByAnother() {
    var session = session();
    var mine = runOf(session);
    var other = runOf(session);
    append(other, events(3));
    var waiting =
        CompletableFuture.supplyAsync(
            () ->
                as(alice)
                    .listRunEvents(ofRun(mine.id(), 0).setWait(Durations.fromSeconds(30)).build()));
    append(other, events(3));
    var seq = append(mine, events(1)).getFirst();
    var page = waiting.join();
    assertThat(page.getEventsList()).extracting(RunEvent::getSeq).containsExactly(seq);
    assertThat(page.getSeq()).isEqualTo(seq);
  }

  @Test
  void anEmptyPollSaysHowFarItHasLooked() {
    var session = session();
    var mine = runOf(session);
    append(runOf(session), events(4));
    var page = as(alice).listRunEvents(ofRun(mine.id(), 0).build());
    assertThat(page.getEventsList()).isEmpty();
    assertThat(page.getSeq()).isEqualTo(4);
    assertThat(page.getNextPageToken()).isEmpty();
  }

  @Test
  void theRunsOfAConversationAreFollowedByThoseWhoseTheyAre() {
    var conversation = UUID.randomUUID();
    var bob = service.caller(TENANT, "MEMBER");
    var owner = service.caller(TENANT, "TENANT_OWNER");
    var alices = run(null, conversation, alice);
    var bobs = run(null, conversation, bob);
    append(alices, events(2));
    append(bobs, events(3));
    append(alices, events(1));
    var request =
        ListConversationRunEventsRequest.newBuilder()
            .setConversationId(conversation.toString())
            .build();
    assertThat(as(alice).listConversationRunEvents(request).getEventsList())
        .extracting(RunEvent::getSeq)
        .containsExactly(1L, 2L, 6L);
    assertThat(as(bob).listConversationRunEvents(request).getEventsList())
        .extracting(RunEvent::getSeq)
        .containsExactly(3L, 4L, 5L);
    assertThat(as(owner).listConversationRunEvents(request).getEventsCount()).isEqualTo(6);
    var watch =
        WatchConversationRunsRequest.newBuilder()
            .setConversationId(conversation.toString())
            .build();
    try (var follower =
        new Follower<WatchConversationRunsRequest>(
            false,
            observer ->
                RunEventServiceGrpc.newStub(service.channel(bob))
                    .watchConversationRuns(watch, observer))) {
      assertThat(follower.nextEvents(3)).extracting(RunEvent::getSeq).containsExactly(3L, 4L, 5L);
    }
    var stranger = service.caller(TENANT, "MEMBER");
    assertProblem(
        Code.NOT_FOUND, "NOT_FOUND", () -> as(stranger).listConversationRunEvents(request));
  }

  @Test
  void theIdOfAnAgentStandsForItsNewestRun() {
    var agent = agent();
    var older = run(null, null, alice);
    var newer = run(null, null, alice);
    var others = run(null, null, service.caller(TENANT, "MEMBER"));
    service.sql(
        "update run set agent_id = '%s', agent_version = 1 where run_id in ('%s', '%s', '%s')"
            .formatted(agent, older.id(), newer.id(), others.id()));
    service.sql(
        "update run set created_at = now() - interval '1 hour' where run_id = '%s'"
            .formatted(older.id()));
    append(older, events(1));
    append(newer, events(2));
    append(others, events(3));
    assertThat(listRun(agent, 0, 1)).isEqualTo(listRun(newer.id(), 0, 5)).hasSize(2);
  }

  @Test
  void aWatchBeginsAtTheTailOrWithASnapshotOnRequest() {
    var run = run(null, null, alice);
    append(run, events(4));
    for (var start : List.of(WatchStart.WATCH_START_TAIL, WatchStart.WATCH_START_SNAPSHOT)) {
      var request =
          WatchRunRequest.newBuilder().setRunId(run.id().toString()).setStart(start).build();
      try (var follower =
          new Follower<WatchRunRequest>(
              false,
              observer ->
                  RunEventServiceGrpc.newStub(service.channel(alice))
                      .watchRun(request, observer))) {
        var first = follower.next();
        assertThat(first.hasSnapshot()).isEqualTo(start == WatchStart.WATCH_START_SNAPSHOT);
        var seq = append(run, events(1)).getFirst();
        assertThat(first.getSeq()).isEqualTo(seq - 1);
        assertThat(follower.nextEvent().getSeq()).isEqualTo(seq);
      }
    }
  }

  @Test
  void whatIsBeyondTheLastEventIsRefused() {
    var run = run(null, null, alice);
    append(run, events(1));
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () -> as(alice).listRunEvents(ofRun(run.id(), 2).build()));
  }
}
