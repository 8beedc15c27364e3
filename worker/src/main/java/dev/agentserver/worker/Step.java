package dev.agentserver.worker;

import com.google.protobuf.Value;
import dev.agentserver.agentrun.v1.RunStep;

/// A step that a run is about to do.
///
/// @param key its name within the run, the same in every attempt
/// @param kind what kind of step it is
/// @param name for people
/// @param toolId the tool, of a step of kind TOOL; else empty
/// @param parentKey the step that it is part of; else empty
/// @param input what it is given
public record Step(
    String key, RunStep.Kind kind, String name, String toolId, String parentKey, Value input) {
  /// A step of no special kind.
  public static Step of(String key) {
    return new Step(key, RunStep.Kind.KIND_OTHER, key, "", "", Value.getDefaultInstance());
  }

  /// A call of a model.
  public static Step model(String key, String name) {
    return new Step(key, RunStep.Kind.KIND_MODEL, name, "", "", Value.getDefaultInstance());
  }

  /// A call of a tool of the run's agent.
  public static Step tool(String key, String name, String toolId, Value input) {
    return new Step(key, RunStep.Kind.KIND_TOOL, name, toolId, "", input);
  }
}
