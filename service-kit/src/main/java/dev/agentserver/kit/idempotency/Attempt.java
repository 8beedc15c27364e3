package dev.agentserver.kit.idempotency;

import java.util.function.Function;

/// One attempt at a write, as the edge describes it to the domain: what makes it the same write as
/// an earlier attempt, and how its reply is kept.
///
/// @param method the RPC's full name
/// @param requestId the caller's key; empty when the caller sent none, and the write is then not
/// protected against retries
/// @param requestHash SHA-256 of the request's deterministic bytes: the same key with another
/// request is refused
/// @param encode the reply to bytes, secrets blanked
/// @param decode the bytes of a stored reply back
public record Attempt<T>(
    String method,
    String requestId,
    byte[] requestHash,
    Function<T, byte[]> encode,
    Function<byte[], T> decode) {}
