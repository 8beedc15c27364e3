/// Files: what they are, whose they are, who uses them, and their bytes in an S3-compatible store.
package dev.agentserver.file;
