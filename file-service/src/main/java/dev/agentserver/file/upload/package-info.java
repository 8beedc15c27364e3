/// How bytes arrive.
package dev.agentserver.file.upload;
