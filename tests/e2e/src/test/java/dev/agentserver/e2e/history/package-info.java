/// History from elsewhere: in by `./agentctl import`, compared, out again.
package dev.agentserver.e2e.history;
