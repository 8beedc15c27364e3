/// Between a source and a server: write, compare, read.
package dev.agentserver.commandline.transfer;
