/// What a process is told from outside: environment variables, read once into records that every
/// other class is given.
@NullMarked
package dev.agentserver.kit.config;

import org.jspecify.annotations.NullMarked;
