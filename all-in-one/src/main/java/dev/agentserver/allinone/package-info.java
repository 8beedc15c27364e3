/// Everything in one process, for development: what `./run` starts.
package dev.agentserver.allinone;
