/// The edge: how a gRPC call becomes a plain function call, and a
/// [dev.agentserver.kit.problem.Problem] a status.
///
/// A call passes [CallEnvelope] (its id, its measure, its error details), then [CallGate]
/// (deadline, identity, policy, admission), then the adapter that [Rpc] made of a handler
/// (validation, threads, back-pressure).
@NullMarked
package dev.agentserver.kit.grpc;

import org.jspecify.annotations.NullMarked;
