/// Envoy's observable behaviour as cases, and what mode safe makes of each: the cases are in
/// `src/test/resources/facts`, one file for each section.
@NullMarked
package dev.agentserver.gateway.facts;

import org.jspecify.annotations.NullMarked;
