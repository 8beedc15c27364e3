package dev.agentserver.agentrun.ledger.record;

import dev.agentserver.agentrun.ledger.record.Report.Purpose;
import dev.agentserver.agentrun.run.StepUsage;
import dev.agentserver.agentrun.usage.ProviderUsage;
import dev.agentserver.kit.identity.Caller;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Records what workers used for steps.
public final class StepUsages implements StepUsage {
  private final Recorder recorder;

  public StepUsages(Recorder recorder) {
    this.recorder = recorder;
  }

  @Override
  public void record(Caller caller, Work work, ProviderUsage usage) {
    var purpose =
        new Purpose(work.runId(), work.epoch(), work.stepKey(), null, null, null, null, null, null);
    recorder.record(caller, Report.of(key(work), usage, null, purpose));
  }

  /// A step's name may be as long as a key.
  private static String key(Work work) {
    var step = Report.sha256(work.stepKey().getBytes(StandardCharsets.UTF_8));
    return "agentserver:step:%s:%d:%s"
        .formatted(work.runId(), work.epoch(), HexFormat.of().formatHex(step));
  }
}
