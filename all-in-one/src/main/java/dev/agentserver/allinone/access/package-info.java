/// The credentials of development: kept in clear in the data directory, so that they are the same
/// at every start, and never used anywhere else.
@NullMarked
package dev.agentserver.allinone.access;

import org.jspecify.annotations.NullMarked;
