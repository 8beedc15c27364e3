/// The bytes: an S3-compatible object store, written and read in bounded pieces.
package dev.agentserver.file.object;
