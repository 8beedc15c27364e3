/// Answers of a model: of any endpoint that speaks OpenAI's chat completions, streamed.
@NullMarked
package dev.agentserver.worker.reference.model;

import org.jspecify.annotations.NullMarked;
