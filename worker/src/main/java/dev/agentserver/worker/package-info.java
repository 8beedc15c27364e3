/// A library for workers: whoever does the work of runs. It keeps the lease up, repeats what may
/// have been lost on the way, does nothing twice that is done, and stops when the run is not its
/// own any more.
@NullMarked
package dev.agentserver.worker;

import org.jspecify.annotations.NullMarked;
