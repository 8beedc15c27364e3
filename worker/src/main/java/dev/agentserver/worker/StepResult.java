package dev.agentserver.worker;

import com.google.protobuf.Value;
import dev.agentserver.common.v1.ProviderUsage;
import java.util.Optional;

/// What came of a step that called a model, or something else that is billed.
///
/// @param output what a later attempt is given
/// @param usage what the provider told that it used
public record StepResult(Value output, Optional<ProviderUsage> usage) {}
