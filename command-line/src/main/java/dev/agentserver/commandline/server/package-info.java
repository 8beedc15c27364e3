/// The server as a client sees it: by its contracts, through the gateway's port, with an API key.
package dev.agentserver.commandline.server;
