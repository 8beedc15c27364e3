/// A worker that shows how: what it does is chosen by the input of the run or by the settings of
/// its agent, so that applications and tests have somebody who answers.
@NullMarked
package dev.agentserver.worker.reference;

import org.jspecify.annotations.NullMarked;
