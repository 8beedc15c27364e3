package dev.agentserver.agentrun.run;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Something that happened to a run, for those who follow it.
///
/// @param kind what happened: "run.queued", "step.succeeded", "interrupt.opened"
/// @param stepKey the step it happened to; null: none
/// @param facts what else is to be said
public record RunNews(
    Category category, String kind, @Nullable String stepKey, Map<String, String> facts) {
  /// What it is about.
  public enum Category {
    /// The run changed its state.
    LIFECYCLE,
    /// A step began or ended.
    PHASE,
    /// People are asked, or have answered.
    INTERRUPT
  }
}
