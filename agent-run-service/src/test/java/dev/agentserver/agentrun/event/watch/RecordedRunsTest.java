package dev.agentserver.agentrun.event.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.agentrun.v1.NewRunEvent;
import dev.agentserver.agentrun.v1.RunEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Runs that were recorded elsewhere, `-Druns.data=<directory of *.traj.json>`: told as events,
/// step by step, and read back unchanged whichever way they are asked for.
@EnabledIfSystemProperty(named = "runs.data", matches = ".+")
class RecordedRunsTest extends Scene {
  @Test
  void recordedRunsAreReadBackUnchanged() throws IOException {
    try (var files = Files.list(Path.of(System.getProperty("runs.data")))) {
      var recorded = files.filter(file -> file.toString().endsWith(".traj.json")).toList();
      assertThat(recorded).isNotEmpty();
      for (var file : recorded) {
        replay(file);
      }
    }
  }

  private void replay(Path file) throws IOException {
    var recorded = Struct.newBuilder();
    JsonFormat.parser().merge(Files.readString(file), recorded);
    var session = session();
    var run = runOf(session);
    var told = new ArrayList<NewRunEvent>();
    for (var step : recorded.getFieldsOrThrow("trajectory").getListValue().getValuesList()) {
      var batch = events(step.getStructValue(), "step-" + told.size() / 2);
      append(run, batch);
      told.addAll(batch);
    }
    var listed = list(session, 0, 13);
    assertThat(listed).map(Scene::asWritten).isEqualTo(told);
    assertThat(polled(session)).isEqualTo(listed);
    var half = listed.size() / 2;
    try (var start = follow(session, 0);
        var middle = followRun(run.id(), listed.get(half - 1).getSeq())) {
      assertThat(start.nextEvents(listed.size())).isEqualTo(listed);
      assertThat(middle.nextEvents(listed.size() - half))
          .isEqualTo(listed.subList(half, listed.size()));
    }
    System.out.printf("%s: %d events%n", file.getFileName(), listed.size());
  }

  private static List<NewRunEvent> events(Struct step, String key) {
    var said =
        base(key)
            .setCategory(RunEvent.Category.CATEGORY_RESPONSE)
            .setKind("response")
            .setContent(step.getFieldsOrThrow("response").getStringValue())
            .setPayload(Struct.newBuilder().putFields("thought", step.getFieldsOrThrow("thought")));
    var done =
        base(key)
            .setCategory(RunEvent.Category.CATEGORY_HOOK)
            .setKind("tool_call")
            .setToolName("shell")
            .setToolInput(step.getFieldsOrThrow("action"))
            .setToolOutput(
                step.getFieldsOrDefault(
                    "observation", Value.newBuilder().setStringValue("").build()));
    return List.of(said.build(), done.build());
  }

  private static NewRunEvent.Builder base(String key) {
    return NewRunEvent.newBuilder()
        .setId(UUID.randomUUID().toString())
        .setLevel(RunEvent.Level.LEVEL_INFO)
        .setStepKey(key);
  }
}
