/// Black box tests: one process, started as `./run` starts it, and clients.
package dev.agentserver.e2e;
