/// flagd's evaluation protocol, versions 1 and 2, over gRPC.
package dev.agentserver.settings.flag.flagd;
