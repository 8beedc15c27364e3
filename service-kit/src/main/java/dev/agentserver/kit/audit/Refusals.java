package dev.agentserver.kit.audit;

import java.time.OffsetDateTime;

/// How many calls without a credential, or with one that did not count, were refused from one
/// address in one minute for one reason.
///
/// @param address "others" where too many addresses came in that minute
public record Refusals(OffsetDateTime minute, String reason, String address, long count) {}
