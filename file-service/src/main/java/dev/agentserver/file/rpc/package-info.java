/// FileService, by gRPC.
package dev.agentserver.file.rpc;
