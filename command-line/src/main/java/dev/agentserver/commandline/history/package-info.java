/// A conversation as somebody else kept it, in the terms of the contracts: what every source is
/// read into, what is written to the server, and what the two are compared by.
package dev.agentserver.commandline.history;
