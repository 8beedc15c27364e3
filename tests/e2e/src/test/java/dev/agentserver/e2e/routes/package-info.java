/// The routes: literal as in the source documents, under `/v1`, and as gRPC.
package dev.agentserver.e2e.routes;
