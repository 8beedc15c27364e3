/// What happens in sessions and runs: gapless streams of events, in partitions that come and go.
package dev.agentserver.agentrun.event;
