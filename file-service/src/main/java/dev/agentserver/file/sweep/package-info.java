/// What broke off, and what nobody needs any more, goes.
package dev.agentserver.file.sweep;
