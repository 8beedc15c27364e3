/// The process under test: started, stopped and killed like anybody would.
package dev.agentserver.e2e.server;
