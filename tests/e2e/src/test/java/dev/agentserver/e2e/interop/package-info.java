/// Others' clients and others' server, with the gateway between them.
package dev.agentserver.e2e.interop;
