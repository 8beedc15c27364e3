/// What the service speaks by HTTP beside its methods: forms, and the bytes of files in ranges.
package dev.agentserver.file.http;
