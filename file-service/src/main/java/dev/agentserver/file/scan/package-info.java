/// Looking for malware in what was uploaded.
package dev.agentserver.file.scan;
