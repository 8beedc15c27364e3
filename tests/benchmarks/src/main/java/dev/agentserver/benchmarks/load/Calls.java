package dev.agentserver.benchmarks.load;

import java.util.List;
import java.util.function.Supplier;

/// Makes the calls of a window, one for each conversation, with a token that is good for longer
/// than the window.
@FunctionalInterface
public interface Calls extends Supplier<List<Call>> {}
