/// Following what happens: by stream, by page, by long poll.
package dev.agentserver.agentrun.event.watch;
