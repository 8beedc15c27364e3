/// JSON Logic, compiled: the rules that decide which variant of a flag somebody gets.
package dev.agentserver.settings.flag.logic;
