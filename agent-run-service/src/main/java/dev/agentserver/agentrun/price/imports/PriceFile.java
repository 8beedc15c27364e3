package dev.agentserver.agentrun.price.imports;

import java.util.List;

/// What could be read of a file of prices.
public record PriceFile(List<Draft> drafts, List<Issue> issues) {}
