/// A user's files: find, change, read, delete.
package dev.agentserver.file.library;
