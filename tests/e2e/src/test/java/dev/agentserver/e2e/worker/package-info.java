/// Workers: the library, the reference worker that `./run` starts, and what becomes of runs whose
/// workers die.
package dev.agentserver.e2e.worker;
