/// What is known of a file, and what may become one.
package dev.agentserver.file.file;
