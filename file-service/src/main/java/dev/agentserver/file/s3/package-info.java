/// The object store by the MinIO client.
package dev.agentserver.file.s3;
