package dev.agentserver.agentrun.event.watch;

import dev.agentserver.agentrun.event.Filter;
import dev.agentserver.agentrun.event.Subject;

/// What a caller may follow: part of a stream, or all of it.
record Readable(Subject subject, Filter filter) {}
