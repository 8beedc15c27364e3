package dev.agentserver.worker.reference;

import dev.agentserver.worker.RunContext;
import java.util.Locale;

/// What the reference worker can do with a run.
///
/// ```json
/// {"behavior": "echo", "text": "..."}
/// {"behavior": "tools", "arguments": {...}}
/// {"behavior": "slow", "steps": 20, "pause_ms": 100}
/// {"behavior": "crash", "steps": 3, "attempts": 1}
/// {"behavior": "approval", "prompt": "..."}
/// {"behavior": "fail", "reason": "...", "message": "...", "retryable": false}
/// {"behavior": "session"}
/// {"behavior": "model"}
/// ```
enum Behavior {
  /// Says what it was given: in the run's conversation, where there is one, piece by piece.
  ECHO,
  /// Calls every tool of the run's agent once, with the arguments given.
  TOOLS,
  /// Does so many steps, as many as a run may have where nothing is said, until it is told to end.
  SLOW,
  /// As SLOW, but the process ends in the middle of the second step, in the first attempts.
  CRASH,
  /// Asks whether it may go on, and says what people said.
  APPROVAL,
  /// Fails.
  FAIL,
  /// Takes the run's session from the phase it is in to its end.
  SESSION,
  /// Has a model answer in the run's conversation.
  MODEL;

  private static final String NAME = "behavior";

  /// The run's input says so, else the settings of its agent; else it is ECHO.
  static Behavior of(RunContext run) {
    var settings =
        run.agent().map(agent -> agent.getConfig().getSettings()).map(Input::of).orElse(Input.NONE);
    var name = Input.of(run.input()).text(NAME, settings.text(NAME, "echo"));
    for (var behavior : values()) {
      if (behavior.name().equals(name.toUpperCase(Locale.ROOT))) {
        return behavior;
      }
    }
    return ECHO;
  }
}
